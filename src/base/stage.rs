//! The stages of jobs: what a curator reads while one runs.
//!
//! A table of rows; gives the enum [`Stage`], whose variants a job passes to
//! [`Cx::stage`](super::Cx::stage). A stage more is a row here and its text in the other language.

use super::sentences::sentences;

sentences! {
    /// What a job is doing.
    Stage, "stage-":
    ChangingTheLibrary: "changing-the-library" = "Changing the library",
    ChoosingHowLinksBecomeClusters: "choosing-how-links-become-clusters" = "Choosing how links become clusters",
    ChoosingTheThreshold: "choosing-the-threshold" = "Choosing the threshold",
    Clustering: "clustering" = "Clustering",
    ComparingIdentities: "comparing-identities" = "Comparing people",
    ComparingTracks: "comparing-tracks" = "Comparing tracks",
    ComparingWithWhatWasHeldOut: "comparing-with-what-was-held-out" = "Comparing with held-out data",
    Downloading: "downloading" = "Downloading",
    DownloadingTheModel: "downloading-the-model" = "Downloading the model",
    DrawingTheMap: "drawing-the-map" = "Drawing the map",
    DrawingTracks: "drawing-tracks" = "Drawing tracks",
    EstimatingTheRadius: "estimating-the-radius" = "Estimating the radius",
    Exporting: "exporting" = "Exporting",
    FindingNeighbours: "finding-neighbours" = "Finding neighbours",
    FindingTheLastRun: "finding-the-last-run" = "Finding the last run",
    GroupingTracks: "grouping-tracks" = "Grouping tracks",
    IndexingTracks: "indexing-tracks" = "Indexing tracks",
    InstallingTheModel: "installing-the-model" = "Installing the model",
    KeepingPeople: "keeping-people" = "Keeping people",
    KeepingWhatWasLearned: "keeping-what-was-learned" = "Keeping what was learned",
    LoadingTheModel: "loading-the-model" = "Loading the model",
    LookingAtFaces: "looking-at-faces" = "Analysing faces",
    LookingThroughTheFolder: "looking-through-the-folder" = "Scanning the folder",
    OpeningTheProject: "opening-the-project" = "Opening the project",
    PlacingTheOtherTracks: "placing-the-other-tracks" = "Placing the other tracks",
    ReadingFaceMeasures: "reading-face-measures" = "Reading what was measured on the faces",
    ReadingTheEmbeddings: "reading-the-embeddings" = "Reading the embeddings",
    ReadingTheLibrary: "reading-the-library" = "Reading the library",
    ReadingTheMatrix: "reading-the-matrix" = "Reading the matrix",
    ReadingTracks: "reading-tracks" = "Reading tracks",
    ScoringNeighbours: "scoring-neighbours" = "Scoring neighbours",
    TrackingFaces: "tracking-faces" = "Tracking faces",
    Training: "training" = "Training",
    VerifyingModels: "verifying-models" = "Verifying models",
    VerifyingTheDownload: "verifying-the-download" = "Verifying the download",
}

impl Stage {
    /// Whether it counts bytes, which are shown as megabytes.
    #[must_use]
    pub fn counts_bytes(self) -> bool {
        matches!(self, Self::Downloading | Self::DownloadingTheModel)
    }
}
