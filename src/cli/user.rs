//! `dosevigil user`: who may log in (contract 2). Works while the service runs, which knows of a
//! change with the next request; and before the first start, for the first user.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};

use super::people::{self, Site};
use super::secret_input;
use crate::domain::role::Role;
use crate::shell::identity::{AccountName, Author, NewPassword, UserAccess, UserChange};

/// Who may log in.
#[derive(Args, Debug)]
#[command(after_help = "Example: dosevigil user add kim --role nurse")]
pub struct UserArgs {
    #[command(subcommand)]
    act: UserAct,
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "config/monitor.toml", global = true)]
    #[arg(env = "DOSEVIGIL_CONFIG")]
    config: PathBuf,
}

#[derive(Subcommand, Debug)]
enum UserAct {
    /// Add a user; the password is asked for.
    Add {
        #[arg(value_parser = people::new_user)]
        name: AccountName,
        #[arg(long)]
        role: RoleName,
        /// The password is the first line of the standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user a new password; the user's log-ins end.
    Passwd {
        #[arg(value_parser = people::name)]
        name: AccountName,
        /// The password is the first line of the standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let a user log in no more; the user's log-ins end.
    Disable {
        #[arg(value_parser = people::name)]
        name: AccountName,
    },
    /// Show all users.
    List,
}

/// A role on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleName {
    Viewer,
    Nurse,
    Lead,
    Admin,
}

impl RoleName {
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Viewer => Role::Viewer,
            Self::Nurse => Role::Nurse,
            Self::Lead => Role::Lead,
            Self::Admin => Role::Admin,
        }
    }
}

/// Where a password comes from.
enum From {
    Terminal,
    StandardInput,
}

/// # Errors
/// When the configuration or the data can't be used, or the act is refused.
pub async fn run(
    args: UserArgs,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let site = match Site::open(&args.config, errors).await? {
        Ok(site) => site,
        Err(code) => return Ok(code),
    };
    let by = Author::on_command_line();
    match args.act {
        UserAct::Add { name, role, password_stdin } => {
            let password = password(from(password_stdin))?;
            let user = site.identity.add_user(by, name, role.role(), password).await?;
            writeln!(out, "{} may log in as {}.", user.name, user.role.name())?;
        }
        UserAct::Passwd { name, password_stdin } => {
            let password = Some(password(from(password_stdin))?);
            let change = UserChange { password, ..UserChange::default() };
            let user = site.identity.change_user(by, name, change).await?;
            writeln!(out, "{} has a new password.", user.name)?;
        }
        UserAct::Disable { name } => {
            let access = Some(UserAccess::Disabled);
            let change = UserChange { access, ..UserChange::default() };
            let user = site.identity.change_user(by, name, change).await?;
            writeln!(out, "{} may log in no more.", user.name)?;
        }
        UserAct::List => {
            for user in site.identity.users().await? {
                let access = match user.access {
                    UserAccess::Enabled => "",
                    UserAccess::Disabled => " disabled",
                };
                writeln!(out, "{} {}{access}", user.name, user.role.name())?;
            }
        }
    }
    site.close().await?;
    Ok(ExitCode::SUCCESS)
}

const fn from(password_stdin: bool) -> From {
    if password_stdin { From::StandardInput } else { From::Terminal }
}

fn password(from: From) -> anyhow::Result<NewPassword> {
    let text = match from {
        From::StandardInput => secret_input::line_of(std::io::stdin().lock())?,
        From::Terminal => {
            let text = secret_input::ask("Password: ")?;
            if secret_input::ask("The same again: ")? != text {
                bail!("the two passwords are not the same");
            }
            text
        }
    };
    Ok(NewPassword::try_new(&text)?)
}
