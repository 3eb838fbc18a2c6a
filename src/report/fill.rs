//! Fills the names in commands: only with hosts, addresses and domains that pass a strict check.

use super::Text;
use crate::diagnosis::Found;
use crate::evidence::{Facts, Label, places};

/// What a command may be filled with.
#[derive(Default)]
pub struct Values {
    host: Option<String>,
    ip: Option<String>,
    domain: Option<String>,
    recipient: Option<String>,
    sender_domain: Option<String>,
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

impl Values {
    pub fn of(found: &Found, facts: &Facts) -> Values {
        let recipient = found.recipients.first().map(|(_, last)| last.value.as_str());
        let sender = facts.label(Label::Sender).map(|s| s.value.as_str());
        Values {
            host: found.host.as_ref().map(|h| h.value.clone()).filter(|h| places::is_host(h)),
            ip: found.ip.as_ref().map(|ip| ip.value.to_string()),
            domain: recipient.and_then(domain_of),
            recipient: recipient.filter(|r| plain_address(r)).map(str::to_string),
            sender_domain: sender.and_then(domain_of),
        }
    }

    /// The command with its names filled, or with a placeholder that says what belongs there.
    pub fn fill(&self, command: &'static str) -> Text {
        if memchr::memchr(b'{', command.as_bytes()).is_none() {
            return command.into();
        }
        let fields = [
            ("host}", &self.host, "<host>"),
            ("ip}", &self.ip, "<ip>"),
            ("domain}", &self.domain, "<domain>"),
            ("recipient}", &self.recipient, "<recipient>"),
            ("sender_domain}", &self.sender_domain, "<sender-domain>"),
        ];
        let mut pieces = command.split('{');
        let mut text = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            let field = fields.iter().find_map(|(name, value, placeholder)| {
                Some((value.as_deref().unwrap_or(placeholder), piece.strip_prefix(name)?))
            });
            let (value, rest) = field.unwrap_or(("{", piece));
            text.push_str(value);
            text.push_str(rest);
        }
        text.into()
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
