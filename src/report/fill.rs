//! Fills the names in commands: only with hosts, addresses and domains that pass a strict check.

use super::Text;
use crate::diagnosis::Found;
use crate::evidence::{Facts, Label, places};
use crate::intake::{Document, PartKind};
use crate::search;
use std::net::{IpAddr, Ipv4Addr};

/// What a command may be filled with.
#[derive(Default)]
pub struct Values<'a> {
    host: Option<String>,
    ip: Option<String>,
    domain: Option<String>,
    recipient: Option<String>,
    /// Few commands ask for what takes a search of the text.
    sender_domain: Option<&'a dyn Fn() -> Option<String>>,
    found: Option<&'a Found>,
}

/// A mail address of plain characters only: safe inside quotes of any shell.
fn plain_address(text: &str) -> bool {
    places::is_address(text)
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"@.-_+".contains(&b))
        && !text.starts_with('-')
}

fn domain_of(address: &str) -> Option<String> {
    let domain = address.rsplit('@').next()?;
    places::is_host(domain).then(|| domain.to_ascii_lowercase())
}

/// The domain that the message came from: of the sender that the report names, or that the returned header does.
pub fn sender_domain(document: &Document, facts: &Facts) -> Option<String> {
    // The report's own header names who reports.
    let own = document.parts.first().filter(|p| p.kind == PartKind::MessageHeaders);
    let parts = || document.parts[usize::from(own.is_some())..].iter().rev();
    let told = || parts().filter(|p| !matches!(p.kind, PartKind::Text | PartKind::Body | PartKind::Attachment));
    let of_field = |field: &&str| {
        told().flat_map(|part| part.text.text().lines().take(80)).find_map(|line| {
            let (_, value) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case(field))?;
            let (start, end) = places::addresses(value).pop()?;
            domain_of(&value[start..end])
        })
    };
    let labelled = facts.label(Label::Sender).and_then(|sender| domain_of(&sender.value));
    labelled.or_else(|| ["from", "return-path", "x-postfix-sender"].iter().find_map(of_field))
}

/// The address that a refusal names beside the far server's own: the sender's.
fn sending_ip(found: &Found) -> Option<String> {
    let far = found.ip.as_ref().map(|ip| ip.value);
    let not_in_one = |c: char| !c.is_ascii_digit() && c != '.';
    let mut words = found.said.iter().flat_map(|said| said.text.split(not_in_one));
    words.find_map(|word| {
        let ip: Ipv4Addr = word.trim_matches('.').parse().ok()?;
        (Some(IpAddr::V4(ip)) != far && !places::is_private(IpAddr::V4(ip))).then(|| ip.to_string())
    })
}

/// The domain of `DNS domain contoso.example does not exist`.
fn missing_domain(found: &Found) -> Option<String> {
    found.said.iter().find_map(|said| {
        let rest = &said.text[search::find(&said.text, "DNS domain ")? + 11..];
        let name = rest[..places::host_prefix(rest)?].to_ascii_lowercase();
        places::is_host(&name).then_some(name)
    })
}

impl<'a> Values<'a> {
    pub fn of(found: &'a Found, sender_domain: &'a dyn Fn() -> Option<String>) -> Values<'a> {
        let recipient = found.recipients.first().map(|(_, last)| last.value.as_str());
        Values {
            host: found.host.as_ref().map(|h| h.value.clone()).filter(|h| places::is_host(h)),
            ip: found.ip.as_ref().map(|ip| ip.value.to_string()),
            domain: recipient.and_then(domain_of),
            recipient: recipient.filter(|r| plain_address(r)).map(str::to_string),
            sender_domain: Some(sender_domain),
            found: Some(found),
        }
    }

    /// The command with its names filled, or with a placeholder that says what belongs there.
    pub fn fill(&self, command: &'static str) -> Text {
        if memchr::memchr(b'{', command.as_bytes()).is_none() {
            return command.into();
        }
        let mut pieces = command.split('{');
        let mut text = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
            match self.value(name, command) {
                Some(value) => {
                    text.push_str(&value.unwrap_or_else(|| format!("<{}>", name.replace('_', "-"))));
                    text.push_str(rest);
                }
                None => {
                    text.push('{');
                    text.push_str(piece);
                }
            }
        }
        text.into()
    }

    /// What stands for a name in a command, if it is one, and if it is known.
    fn value(&self, name: &str, command: &str) -> Option<Option<String>> {
        Some(match name {
            "host" => {
                // A connection goes to an address as well, a question to DNS does not.
                let asks = ["dig", "Resolve-DnsName", "Invoke-RestMethod"].iter().any(|tool| command.starts_with(tool));
                let address = self.ip.as_ref().filter(|ip| !asks && ip.parse::<Ipv4Addr>().is_ok());
                self.host.as_ref().or(address).cloned()
            }
            "ip" => self.ip.clone(),
            "domain" => self.domain.clone().or_else(|| missing_domain(self.found?)),
            "recipient" => self.recipient.clone(),
            "sender_domain" => self.sender_domain.and_then(|domain| domain()),
            "sending_ip" => self.found.and_then(sending_ip),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_pass_leaves_a_placeholder() {
        let values = Values { host: Some("mail.contoso.example".into()), ..Values::default() };
        assert_eq!(
            values.fill("Test-NetConnection {host} -Port 25"),
            "Test-NetConnection mail.contoso.example -Port 25"
        );
        assert_eq!(values.fill("dig MX {domain} @1.1.1.1"), "dig MX <domain> @1.1.1.1");
    }

    #[test]
    fn an_address_stands_for_its_server_but_in_dns() {
        let values = Values { ip: Some("192.0.2.7".into()), ..Values::default() };
        assert_eq!(values.fill("nc -vz '{host}' 25"), "nc -vz '192.0.2.7' 25");
        assert_eq!(values.fill("dig '{host}' A @8.8.8.8"), "dig '<host>' A @8.8.8.8");
    }

    #[test]
    fn an_address_with_shell_signs_is_not_plain() {
        for bad in [
            "$(x)@contoso.example",
            "a`b@contoso.example",
            "a'b@contoso.example",
            "-a@contoso.example",
            "a;b@contoso.example",
        ] {
            assert!(!plain_address(bad), "{bad}");
        }
        assert!(plain_address("ana.lopez+x@contoso.example"));
    }
}
