//! Training: the projection and the radius of Ball Cluster Learning (ICCV 2019), and the network
//! of L-GCN ([`lgcn`]).
//!
//! Takes labelled faces ([`LabelledFaces`]), a [`Split`] by identity and [`BclParams`]; gives
//! [`TrainedProjection`]: a [`Projection`] and the radius that the loss learned. `Projection::from_head`
//! brings a head file back. The caller passes a function that validates a state, so this module
//! neither makes clusters nor scores them. Of `cluster` it uses L-GCN's network and subgraphs, so
//! that what is trained is what is used. It reads no tables and writes only its own checkpoint.
//!
//! The backward pass is written out by hand over one fast matrix product: no framework, a quick
//! build, and the same bytes for any number of threads.

mod batches;
mod checkpoint;
mod data;
mod error;
pub mod lgcn;
mod loss;
mod mlp;
mod params;
mod projection;
mod sgd;
mod shared_params;
mod train;
mod validation;

#[cfg(test)]
mod tests;

pub use data::{LabelledFaces, Split, Subset};
pub use error::LearnError;
pub use loss::{BallLoss, LossValue, LossWorkspace, Negatives, RowDistances};
pub(crate) use loss::{inverse_softplus, softplus};
pub use mlp::{Initialisation, Mlp, MlpWorkspace};
pub use params::{BclParams, BclTraining};
pub use projection::Projection;
pub use sgd::{Sgd, SgdOptions, WeightStep};
pub(crate) use train::initial_b;
pub use train::{EpochReport, TrainedProjection, TrainingCallbacks, TrainingInput};
pub use validation::Validation;
