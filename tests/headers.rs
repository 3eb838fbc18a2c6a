//! Message headers alone: the way in true order, who held the message, whether it went in circles.

mod fixtures;

use fixtures::paste;

fn received(from: &str, by: &str, time: &str) -> String {
    format!("Received: from {from} (192.0.2.7)\n by {by} with ESMTPS id 1;\n Tue, 17 Mar 2026 {time} +0000\n")
}

const REST: &str = "From: ana@contoso.example\nTo: luis@fabrikam.example\nSubject: Plan\n";

#[test]
fn the_hop_that_held_the_message_longest_is_told() {
    let way = [
        received("edge.fabrikam.example", "mbx.fabrikam.example", "15:59:41"),
        received("gw.fabrikam.example", "edge.fabrikam.example", "15:59:40"),
        received("mx.contoso.example", "gw.fabrikam.example", "15:31:02"),
        received("pc.contoso.example", "mx.contoso.example", "15:30:00"),
    ];
    let report = paste(&format!("{}{REST}", way.concat()));
    let by: Vec<_> = report.hops.iter().map(|h| (h.by.as_deref().unwrap_or(""), h.delay_s, h.longest)).collect();
    assert_eq!(
        by,
        [
            ("mx.contoso.example", None, false),
            ("gw.fabrikam.example", Some(62), false),
            ("edge.fabrikam.example", Some(1718), true),
            ("mbx.fabrikam.example", Some(1), false),
        ]
    );
    assert!(report.hops.iter().all(|h| !h.loops));
}

#[test]
fn a_way_without_a_notable_delay_has_no_longest_hop() {
    let way = [
        received("mx.contoso.example", "gw.fabrikam.example", "15:30:59"),
        received("pc.contoso.example", "mx.contoso.example", "15:30:00"),
    ];
    let report = paste(&format!("{}{REST}", way.concat()));
    assert_eq!(report.hops.iter().map(|h| h.longest).collect::<Vec<_>>(), [false, false]);
}

#[test]
fn two_servers_that_pass_a_message_on_three_times_are_a_loop() {
    let mut way = String::new();
    for minute in (30..33).rev() {
        way += &received("ex.contoso.example", "cloud.contoso.example", &format!("15:{minute}:30"));
        way += &received("cloud.contoso.example", "ex.contoso.example", &format!("15:{minute}:00"));
    }
    way += &received("pc.contoso.example", "cloud.contoso.example", "15:29:00");
    let report = paste(&format!("{way}{REST}"));
    assert_eq!(report.hops.iter().filter(|h| h.loops).count(), 6);
    assert!(!report.hops[0].loops, "the first hop is no part of the circle");
}
