//! A learned network's way into and out of a head file.

use std::collections::BTreeMap;

use super::TrainedLgcn;
use super::params::{AGGREGATION, INPUT};
use crate::base::{Parameter, ParameterValue};
use crate::cluster::lgcn::{
    Aggregation, LgcnParams, LinkNetwork, NetworkShape, NodeFeatures, PropagationParams, SubgraphSize,
};
use crate::learn::LearnError;
use crate::models::{LgcnHeadFile, Tensor};

impl TrainedLgcn {
    /// A head with this network and its reach, used as `propagation` says; model, data, figures,
    /// version and seed are left to the caller.
    #[must_use]
    pub(crate) fn head(&self, propagation: &PropagationParams) -> LgcnHeadFile {
        let shape = self.network.shape();
        let SubgraphSize { k1, k2, u } = self.reach;
        let mut tensors = BTreeMap::new();
        let mut rest = self.network.weights();
        for (name, extents) in LgcnHeadFile::wanted(shape.inputs(), &shape.widths) {
            let (data, later) = rest.split_at(extents.iter().product());
            rest = later;
            tensors.insert(name, Tensor { shape: extents, data: data.to_vec() });
        }
        let (mean, variance) = self.network.statistics();
        for (name, data) in [("mean", mean), ("variance", variance)] {
            tensors.insert(name.to_owned(), Tensor { shape: vec![data.len()], data: data.to_vec() });
        }
        LgcnHeadFile {
            model: None,
            dim: shape.dim,
            input: shape.input.to_value().to_string(),
            columns: shape.inputs(),
            widths: shape.widths.clone(),
            k1,
            k2,
            u,
            aggregation: self.aggregation.to_value().to_string(),
            step: propagation.step,
            max_size: propagation.max_size,
            floor: propagation.floor,
            data: String::new(),
            figures: BTreeMap::new(),
            castlist: String::new(),
            seed: 0,
            tensors,
        }
    }
}

/// The network that a head holds, and the parameters that it is to be used with.
///
/// # Errors
/// [`LearnError::Parameter`] where the head contradicts itself (one that was read from a file has
/// tensors of the widths that it names, but may describe nodes by another number of columns).
pub(crate) fn from_head(head: &LgcnHeadFile) -> Result<(LinkNetwork, LgcnParams), LearnError> {
    let input = named::<NodeFeatures>(&INPUT, &head.input)?;
    let aggregation = named::<Aggregation>(&AGGREGATION, &head.aggregation)?;
    let names = LgcnHeadFile::wanted(head.columns, &head.widths).map(|tensor| tensor.0);
    let data = |name: &str| head.tensors.get(name).map(|tensor| tensor.data.clone()).unwrap_or_default();
    let weights = names.flat_map(|name| data(&name)).collect();
    let shape = NetworkShape { dim: head.dim, input, widths: head.widths.clone() };
    let network = LinkNetwork::new(shape, data("mean"), data("variance"), weights);
    let unfit = || LearnError::parameter("columns", head.columns, "as many as its input has");
    let params = LgcnParams {
        reach: SubgraphSize { k1: head.k1, k2: head.k2, u: head.u },
        aggregation,
        propagation: PropagationParams { step: head.step, max_size: head.max_size, floor: head.floor },
    };
    Ok((network.ok_or_else(unfit)?, params))
}

fn named<V: ParameterValue>(parameter: &Parameter, text: &str) -> Result<V, LearnError> {
    let value = V::from_value(parameter.parse(text)?);
    value.ok_or_else(|| LearnError::parameter(parameter.name, text, parameter.range()))
}
