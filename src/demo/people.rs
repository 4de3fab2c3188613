//! The demo's four users, one of each role, with one password (contract 1).

use anyhow::{Context, bail};

use crate::domain::role::Role;
use crate::shell::identity::{
    AccountName, Author, Identity, IdentityError, NewPassword, UserAccess, UserChange,
};

const PASSWORD: &str = "DOSEVIGIL_DEMO_PASSWORD";

/// Makes the users, or gives those of a kept database this password; tells which it is.
pub(super) async fn log_ins(identity: &Identity) -> anyhow::Result<String> {
    let text = match std::env::var(PASSWORD) {
        Ok(text) => text,
        Err(std::env::VarError::NotPresent) => random()?,
        Err(error @ std::env::VarError::NotUnicode(_)) => bail!("{PASSWORD}: {error}"),
    };
    let password = NewPassword::try_new(&text).context(PASSWORD)?;
    for role in Role::ALL {
        let name = AccountName::try_new(role.name())?;
        let by = Author::on_command_line();
        match identity.add_user(by.clone(), name.clone(), role, password.clone()).await {
            Err(IdentityError::NameTaken) => {
                let password = Some(password.clone());
                let access = Some(UserAccess::Enabled);
                let change = UserChange { role: Some(role), password, access };
                identity.change_user(by, name, change).await?;
            }
            other => drop(other?),
        }
    }
    Ok(text)
}

/// 64 random bits, to be typed.
fn random() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no random bytes: {e}"))?;
    let groups: Vec<String> =
        bytes.chunks(2).map(|two| format!("{:02x}{:02x}", two[0], two[1])).collect();
    Ok(groups.join("-"))
}
