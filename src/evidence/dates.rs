//! Dates as mail systems write them, as RFC 3339 text.

use mail_parser::DateTime;

/// Which of two numbers is the day in `a/b/yyyy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
    /// Nothing in the paste tells.
    Unknown,
}

/// `a/b/yyyy h:mm[:ss] [AM|PM]` as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slashed {
    pub a: u8,
    pub b: u8,
    pub year: u16,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub end: usize,
}

fn digits(bytes: &[u8], at: &mut usize, least: usize, most: usize) -> Option<u16> {
    let n = bytes[(*at).min(bytes.len())..].iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    if n < least || bytes.get(*at + n).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let value = bytes[*at..*at + n].iter().fold(0u16, |v, b| v * 10 + u16::from(b - b'0'));
    *at += n;
    Some(value)
}

/// A slashed or dotted date with its time at `at`; `None` where it is not whole.
pub fn slashed_at(text: &str, at: usize) -> Option<Slashed> {
    let bytes = text.as_bytes();
    let mut i = at;
    let a = digits(bytes, &mut i, 1, 2)?;
    let separator = *bytes.get(i).filter(|b| matches!(b, b'/' | b'.' | b'-'))?;
    i += 1;
    let b = digits(bytes, &mut i, 1, 2)?;
    if bytes.get(i) != Some(&separator) {
        return None;
    }
    i += 1;
    let year = digits(bytes, &mut i, 4, 4)?;
    let gap = bytes[i..].iter().take(4).take_while(|b| matches!(b, b' ' | b',' | b'\n')).count();
    i += gap;
    let mut hour = digits(bytes, &mut i, 1, 2).filter(|_| gap > 0)?;
    if !matches!(bytes.get(i), Some(b':' | b'.')) {
        return None;
    }
    i += 1;
    let minute = digits(bytes, &mut i, 2, 2)?;
    let mut second = 0;
    if matches!(bytes.get(i), Some(b':' | b'.')) && bytes.get(i + 1).is_some_and(u8::is_ascii_digit) {
        i += 1;
        second = digits(bytes, &mut i, 2, 2)?;
    }
    let rest = bytes[i..].iter().take(6).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
    let rest = rest.trim_ascii_start();
    let skipped = bytes[i..].len().min(6) - rest.len();
    let (am, pm) = (
        rest.starts_with(b"am") || rest.starts_with(b"a. m") || rest.starts_with(b"a.m"),
        rest.starts_with(b"pm") || rest.starts_with(b"p. m") || rest.starts_with(b"p.m"),
    );
    if am || pm {
        i += skipped + 2;
        hour = hour % 12 + if pm { 12 } else { 0 };
    }
    let valid = (1..=31).contains(&a)
        && (1..=31).contains(&b)
        && (a <= 12 || b <= 12)
        && hour < 24
        && minute < 60
        && second < 61;
    valid.then_some(Slashed {
        a: a as u8,
        b: b as u8,
        year,
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        end: i,
    })
}

impl Slashed {
    /// The order that the numbers themselves prove.
    pub fn proves(&self) -> Order {
        match (self.a > 12, self.b > 12) {
            (true, false) => Order::DayFirst,
            (false, true) => Order::MonthFirst,
            _ => Order::Unknown,
        }
    }

    /// RFC 3339 without an offset, since none is written; `None` where the order is unknown and matters.
    pub fn rfc3339(&self, order: Order) -> Option<String> {
        let (day, month) = match order {
            Order::DayFirst => (self.a, self.b),
            Order::MonthFirst => (self.b, self.a),
            Order::Unknown if self.a == self.b => (self.a, self.b),
            Order::Unknown => return None,
        };
        let Slashed { year, hour, minute, second, .. } = self;
        (month <= 12 && day <= 31).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
    }
}

/// An ISO 8601 time at the start of `text`, as RFC 3339 in UTC.
pub fn iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut i = 0;
    let year = digits(bytes, &mut i, 4, 4)?;
    let dash = |i: &mut usize| (bytes.get(*i) == Some(&b'-')).then(|| *i += 1);
    dash(&mut i)?;
    let month = digits(bytes, &mut i, 2, 2)?;
    dash(&mut i)?;
    let day = digits(bytes, &mut i, 2, 2)?;
    if !matches!(bytes.get(i), Some(b'T' | b' ')) || month > 12 || day > 31 {
        return None;
    }
    i += 1;
    let hour = digits(bytes, &mut i, 2, 2)?;
    (bytes.get(i) == Some(&b':')).then_some(())?;
    i += 1;
    let minute = digits(bytes, &mut i, 2, 2)?;
    let mut second = 0;
    if bytes.get(i) == Some(&b':') {
        i += 1;
        second = digits(bytes, &mut i, 2, 2)?;
        if bytes.get(i) == Some(&b'.') {
            i += 1;
            i += bytes[i..].iter().take_while(|b| b.is_ascii_digit()).count();
        }
    }
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    match bytes.get(i) {
        Some(b'Z') => Some(text + "Z"),
        Some(b'+' | b'-') => DateTime::parse_rfc3339(&format!("{text}{}", text_from(bytes, i))).and_then(|d| utc(&d)),
        _ => Some(text),
    }
}

fn text_from(bytes: &[u8], at: usize) -> String {
    String::from_utf8_lossy(&bytes[at..(at + 6).min(bytes.len())]).into_owned()
}

/// A date of a header field (RFC 5322 §3.3) as RFC 3339 in UTC.
pub fn rfc5322(text: &str) -> Option<String> {
    let folded: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !folded.bytes().any(|b| b == b':') || !folded.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    utc(&DateTime::parse_rfc822(&folded).filter(DateTime::is_valid)?)
}

fn utc(date: &DateTime) -> Option<String> {
    let utc = DateTime::from_timestamp(date.to_timestamp());
    let plausible = (1980..2200).contains(&utc.year);
    plausible.then(|| {
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
    })
}

/// Seconds in "1 days, 19 hours and 56 minutes" at the start of `text`, in the languages of reports, and its length.
pub fn duration(text: &str) -> Option<(i64, usize)> {
    let (mut seconds, mut end, mut number) = (0, 0, None::<i64>);
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    for word in text.split_ascii_whitespace().take(12) {
        let bare = word.trim_matches([',', '.', '(', ')']);
        match (bare.parse::<u16>(), number) {
            (Ok(read), _) => number = Some(read.into()),
            (_, Some(read)) if !matches!(bare, "more" | "weitere") => {
                seconds += read
                    * match bare.bytes().next()?.to_ascii_lowercase() {
                        b'd' | b't' | b'j' | b'g' => 86_400,
                        b'h' | b's' | b'o' | b'u' => 3_600,
                        b'm' => 60,
                        _ => return None,
                    };
                (number, end) = (None, at(bare) + bare.len());
            }
            (_, None) if !["and", "y", "und", "et", "e", "en"].contains(&bare) => break,
            _ => {}
        }
    }
    (seconds > 0).then_some((seconds, end))
}

/// Seconds since 1970 of an RFC 3339 text made here.
pub fn timestamp(rfc3339: &str) -> Option<i64> {
    let zoned = if rfc3339.ends_with('Z') { rfc3339.to_string() } else { format!("{rfc3339}Z") };
    DateTime::parse_rfc3339(&zoned).map(|d| d.to_timestamp())
}

/// RFC 3339 in UTC of seconds since 1970.
pub fn from_timestamp(seconds: i64) -> Option<String> {
    utc(&DateTime::from_timestamp(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashed_dates_wait_for_their_order() {
        let date = slashed_at("3/09/2016 8:05:56 PM - Remote", 0).unwrap();
        assert_eq!(date.proves(), Order::Unknown);
        assert_eq!(date.rfc3339(Order::Unknown), None);
        assert_eq!(date.rfc3339(Order::DayFirst).as_deref(), Some("2016-09-03T20:05:56"));
        assert_eq!(slashed_at("6/19/2018 7:32:05 AM -", 0).unwrap().proves(), Order::MonthFirst);
        assert_eq!(slashed_at("12/9/2020 12:57:15 AM", 0).unwrap().hour, 0);
        assert_eq!(slashed_at("5.3.2026 10:12:05", 0).unwrap().year, 2026);
        assert!(slashed_at("5/3/26 10:12", 0).is_none());
    }

    #[test]
    fn a_span_of_time_is_read_in_every_language() {
        let check = |text: &str, seconds, words: &str| {
            assert_eq!(duration(text), Some((seconds, words.len())), "{text}");
        };
        check("1 days, 19 hours and 56 minutes. You'll", 158_160, "1 days, 19 hours and 56 minutes");
        check("0 días, 20 horas y 1 minutos. Se", 72_060, "0 días, 20 horas y 1 minutos");
        check("46 more hours. You", 165_600, "46 more hours");
        check("4 more day(s)", 345_600, "4 more day(s");
        check("5 days old", 432_000, "5 days");
        assert!(duration("about 5 days").is_none() && duration("550 5.1.1 no").is_none() && duration("").is_none());
    }

    #[test]
    fn header_and_iso_dates_become_utc() {
        assert_eq!(rfc5322("Thu, 17 Jul 2017 23:34:45 +0200").as_deref(), Some("2017-07-17T21:34:45Z"));
        assert_eq!(iso("2026-03-05T09:01:44.101Z 08DE").as_deref(), Some("2026-03-05T09:01:44Z"));
        assert_eq!(iso("2026-03-05T09:01:44+01:00").as_deref(), Some("2026-03-05T08:01:44Z"));
        assert_eq!(rfc5322("not a date"), None);
    }
}
