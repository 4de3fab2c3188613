//! `dosevigil token`: what machines prove themselves with (contract 2). A token is shown once and
//! stored hashed; its acts are recorded under `token:NAME`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::people::{self, Site};
use super::user::RoleName;
use crate::shell::identity::{AccountName, Author, TokenAccess};

/// API tokens for machines.
#[derive(Args, Debug)]
#[command(after_help = "Example: dosevigil token create --name prometheus --role viewer")]
pub struct TokenArgs {
    #[command(subcommand)]
    act: TokenAct,
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "config/monitor.toml", global = true)]
    #[arg(env = "DOSEVIGIL_CONFIG")]
    config: PathBuf,
}

#[derive(Subcommand, Debug)]
enum TokenAct {
    /// Make a token and print it, this once.
    Create {
        #[arg(long, value_parser = people::name)]
        name: AccountName,
        #[arg(long)]
        role: RoleName,
    },
    /// Take a token out of force, for ever.
    Revoke {
        #[arg(long, value_parser = people::name)]
        name: AccountName,
    },
    /// Show the names of all tokens.
    List,
}

/// # Errors
/// When the configuration or the data can't be used, or the act is refused.
pub async fn run(
    args: TokenArgs,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let site = match Site::open(&args.config, errors).await? {
        Ok(site) => site,
        Err(code) => return Ok(code),
    };
    let by = Author::on_command_line();
    match args.act {
        TokenAct::Create { name, role } => {
            let secret = site.identity.create_token(by, name, role.role()).await?;
            writeln!(out, "{}", secret.reveal())?;
            writeln!(errors, "It is shown this once; only its hash is stored.")?;
        }
        TokenAct::Revoke { name } => {
            site.identity.revoke_token(by, name.clone()).await?;
            writeln!(out, "The token {name} is no longer taken.")?;
        }
        TokenAct::List => {
            for token in site.identity.tokens().await? {
                let access = match token.access {
                    TokenAccess::InForce => "",
                    TokenAccess::Revoked => " revoked",
                };
                writeln!(out, "{} {}{access}", token.name, token.role.name())?;
            }
        }
    }
    site.close().await?;
    Ok(ExitCode::SUCCESS)
}
