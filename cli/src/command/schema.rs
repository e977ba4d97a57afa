//! `counterfoil schema`

use clap::Args;
use counterfoil::schema;

use crate::fault::Failure;
use crate::render::say_json;

/// Print the JSON Schema of campaign documents
///
/// An editor that knows it completes members, explains them and marks what is misspelt. It comes from the same types that
/// read the documents; what makes sense together only `counterfoil check` can say.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil schema > campaigns.schema.json

and in a document: "$schema": "./campaigns.schema.json""#)]
pub struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        Ok(say_json(&schema::campaign_document())?)
    }
}
