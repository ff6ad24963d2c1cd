//! The reducer of the page's own state.

use super::Room;
use crate::session::units::Unit;
use ringside_core::{Key, NodeId};
use ringside_scene::rumour::Rumour;
use ringside_scene::{Hues, Selection, Thing};
use std::rc::Rc;
use yew::Reducible;

/// A tab of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The selected request.
    #[default]
    Request,
    /// The selected node.
    Node,
    /// The selected key.
    Key,
    /// The selected message.
    Message,
}

impl Tab {
    /// All of them, in the order of the list.
    pub(crate) const ALL: [Self; 4] = [Self::Request, Self::Node, Self::Key, Self::Message];

    /// Its name on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Node => "Node",
            Self::Key => "Key",
            Self::Message => "Message",
        }
    }
}

/// A view of the cluster as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ClusterTab {
    /// The versions of the selected key.
    Versions,
    /// The last anti-entropy exchange.
    Merkle,
    /// Who believes what of whom.
    Members,
    /// What is proved of the run.
    #[default]
    Claims,
    /// How long requests take and how fresh gets are.
    Charts,
}

impl ClusterTab {
    /// All of them, in the order of the list.
    pub(crate) const ALL: [Self; 5] =
        [Self::Versions, Self::Merkle, Self::Members, Self::Claims, Self::Charts];

    /// The view that a built-in scenario is about; with most it is what is proved.
    #[inline(never)]
    pub(crate) fn about(scenario: Option<&str>) -> Self {
        match scenario {
            Some("merkle-trees") => Self::Merkle,
            Some("same-sum") => Self::Charts,
            Some("who-says-it-is-down") => Self::Members,
            Some("siblings" | "siblings-explode" | "siblings-explode-dotted") => Self::Versions,
            Some(_) | None => Self::default(),
        }
    }

    /// Its name on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Versions => "Versions",
            Self::Merkle => "Merkle",
            Self::Members => "Members",
            Self::Claims => "Claims",
            Self::Charts => "Charts",
        }
    }
}

/// How much of the page is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Ring, narration and transport.
    Story,
    /// Everything.
    #[default]
    Explore,
}

impl Depth {
    /// All of them, in the order of the buttons.
    pub(crate) const ALL: [Self; 2] = [Self::Story, Self::Explore];

    /// Its name on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Story => "Story",
            Self::Explore => "Explore",
        }
    }
}

/// Which theme the visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ThemeChoice {
    /// That of the system.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl ThemeChoice {
    /// All of them, in the order of the list.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name on the page, and in `data-theme`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The page's own state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ui {
    /// What is selected or pointed at.
    pub(crate) selection: Selection,
    /// The open tab.
    pub(crate) tab: Tab,
    /// The open view of the cluster.
    pub(crate) cluster: ClusterTab,
    /// How much of the page is there.
    pub(crate) depth: Depth,
    /// The panel that is there where the window has no room for all, if one was chosen.
    pub(crate) room: Option<Room>,
    /// Is it a lecture: ring and narration alone, in large type?
    pub(crate) lecture: bool,
    /// Is the page of keys and words open?
    pub(crate) help: bool,
    /// The theme.
    pub(crate) theme: ThemeChoice,
    /// The nodes chosen for one side of a partition that is about to be made; none while nobody is about to make one.
    pub(crate) cutting: Option<Vec<NodeId>>,
    /// Which hues tell nodes apart.
    pub(crate) hues: Hues,
    /// How far a step goes.
    pub(crate) unit: Unit,
    /// The key as typed; none until one is, and then it is the scenario's first, see [`Page::key`](crate::hooks::Page::key).
    pub(crate) key: Option<String>,
    /// The value as typed.
    pub(crate) value: String,
    /// The coordinator chosen for the next request; none for the first node of the key's preference list.
    pub(crate) via: Option<NodeId>,
    /// The client that asks, where another than the usual one is chosen.
    pub(crate) client: Option<String>,
    /// Do writes carry no context, so that they are concurrent with everything?
    pub(crate) blind: bool,
    /// Do single letters act in the ring and in the space-time diagram?
    pub(crate) letters: bool,
    /// The built-in scenario that is open; none for a file of the visitor.
    pub(crate) scenario: Option<String>,
}

/// A change of the page's own state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UiAction {
    /// Selects a thing and shows it in the inspector.
    Select(Thing),
    /// Selects nothing.
    Clear,
    /// Selects the latest request again, whatever was selected before.
    FollowLatest,
    /// Chooses a piece of news that goes round, or none.
    Rumour(Option<Rumour>),
    /// Points at something, or at nothing any more.
    Hover(Option<Thing>),
    /// Opens a tab.
    Open(Tab),
    /// Opens a view of the cluster.
    Cluster(ClusterTab),
    /// Shows more or less of the page.
    Depth(Depth),
    /// Opens a panel of a small window.
    Room(Room),
    /// Begins or ends a lecture.
    Lecture(bool),
    /// Opens or closes the page of keys and words.
    Help(bool),
    /// Sets the theme.
    Theme(ThemeChoice),
    /// Begins or ends the choice of one side of a partition.
    Cutting(Option<Vec<NodeId>>),
    /// Puts a node on that side, or takes it off again.
    CutToggle(NodeId),
    /// Sets the hues.
    Hues(Hues),
    /// Sets how far a step goes.
    Unit(Unit),
    /// Switches single letters on or off.
    Letters(bool),
    /// A key was typed.
    Key(String),
    /// A value was typed.
    Value(String),
    /// A client was chosen.
    Client(Option<String>),
    /// Writes are to carry no context, or all that the client has seen.
    Blind(bool),
    /// A coordinator was chosen.
    Via(Option<NodeId>),
    /// A built-in scenario (or a file, then none) was opened: selections of the old one are void.
    Opened(Option<String>),
    /// The run has other nodes or other requests now: what was selected of them is void.
    NewRun,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            tab: Tab::default(),
            cluster: ClusterTab::default(),
            depth: Depth::default(),
            room: None,
            lecture: false,
            help: false,
            theme: ThemeChoice::default(),
            cutting: None,
            hues: Hues::default(),
            unit: Unit::default(),
            key: None,
            value: "milk".to_owned(),
            via: None,
            client: None,
            blind: false,
            letters: true,
            scenario: None,
        }
    }
}

impl Ui {
    /// Puts a node on the chosen side of a partition, or takes it off. Tells whether a side is being chosen.
    fn toggle(&mut self, node: NodeId) -> bool {
        let Some(side) = &mut self.cutting else { return false };
        match side.iter().position(|other| *other == node) {
            Some(at) => drop(side.remove(at)),
            None => side.push(node),
        }
        true
    }

    fn select(&mut self, thing: Thing) {
        match thing {
            Thing::Node(node) => {
                self.selection.node = Some(node);
                self.tab = Tab::Node;
            }
            Thing::Request(request) => {
                self.selection.request = Some(request);
                self.selection.key = None;
                self.tab = Tab::Request;
            }
            Thing::Key(key) => {
                self.selection.key = Some(key);
                self.tab = Tab::Key;
            }
            Thing::Message(message) => {
                self.selection.message = Some(message);
                self.tab = Tab::Message;
            }
        }
    }
}

impl Reducible for Ui {
    type Action = UiAction;

    fn reduce(self: Rc<Self>, action: UiAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            // While a side of a partition is chosen, pointing at a node chooses it.
            UiAction::Select(Thing::Node(node)) if next.toggle(node) => {}
            UiAction::Select(thing) => next.select(thing),
            UiAction::Cutting(side) => next.cutting = side,
            UiAction::CutToggle(node) => drop(next.toggle(node)),
            UiAction::Clear => next.selection = Selection::default(),
            UiAction::FollowLatest => {
                next.selection.request = None;
                next.selection.key = None;
                next.selection.message = None;
                next.tab = Tab::Request;
            }
            UiAction::Rumour(rumour) => next.selection.rumour = rumour,
            UiAction::Hover(hover) => next.selection.hover = hover,
            UiAction::Open(tab) => next.tab = tab,
            UiAction::Cluster(tab) => next.cluster = tab,
            UiAction::Depth(depth) => next.depth = depth,
            UiAction::Room(room) => next.room = Some(room),
            UiAction::Lecture(lecture) => next.lecture = lecture,
            UiAction::Help(help) => next.help = help,
            UiAction::Theme(theme) => next.theme = theme,
            UiAction::Hues(hues) => next.hues = hues,
            UiAction::Unit(unit) => next.unit = unit,
            UiAction::Letters(letters) => next.letters = letters,
            UiAction::Key(key) => {
                let fits = !key.is_empty() && key.len() <= Key::MAX_BYTES;
                next.selection.key = fits.then(|| Key::new(&key));
                next.key = Some(key);
            }
            UiAction::Value(value) => next.value = value,
            UiAction::Client(client) => next.client = client,
            UiAction::Blind(blind) => next.blind = blind,
            UiAction::Via(via) => next.via = via,
            UiAction::Opened(scenario) => {
                next.cluster = ClusterTab::about(scenario.as_deref());
                next.scenario = scenario;
                next.selection = Selection::default();
                next.cutting = None;
                next.via = None;
                next.key = None;
                next.room = None;
                next.tab = Tab::default();
            }
            UiAction::NewRun => {
                next.selection = Selection::default();
                next.cutting = None;
                next.via = None;
            }
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::RequestId;

    fn after(actions: impl IntoIterator<Item = UiAction>) -> Rc<Ui> {
        actions.into_iter().fold(Rc::new(Ui::default()), Reducible::reduce)
    }

    #[test]
    fn selecting_a_thing_opens_its_tab() {
        let ui = after([UiAction::Select(Thing::Node(NodeId(2)))]);
        assert_eq!((ui.tab, ui.selection.node), (Tab::Node, Some(NodeId(2))));
        let ui = after([UiAction::Select(Thing::Key(Key::new("cart")))]);
        assert_eq!((ui.tab, ui.selection.key.clone()), (Tab::Key, Some(Key::new("cart"))));
    }

    #[test]
    fn while_a_side_is_chosen_selecting_a_node_chooses_it() {
        let (one, two) = (NodeId(1), NodeId(2));
        let node = |id| UiAction::Select(Thing::Node(id));
        let ui = after([UiAction::Cutting(Some(vec![one])), node(two), node(one)]);
        assert_eq!((ui.cutting.clone(), ui.selection.node), (Some(vec![two]), None));
        let ui = after([UiAction::Cutting(Some(vec![one])), UiAction::Cutting(None), node(two)]);
        assert_eq!((ui.cutting.clone(), ui.selection.node), (None, Some(two)));
        let ui = after([UiAction::Cutting(Some(vec![one])), UiAction::NewRun]);
        assert_eq!(ui.cutting, None, "another run may not have that node");
    }

    #[test]
    fn a_typed_key_is_selected_unless_no_store_would_take_it() {
        let long = "k".repeat(Key::MAX_BYTES + 1);
        assert_eq!(after([UiAction::Key("tea".into())]).selection.key, Some(Key::new("tea")));
        assert_eq!(after([UiAction::Key(long.clone())]).selection.key, None);
        assert_eq!(after([UiAction::Key(long.clone())]).key, Some(long.clone()));
        assert_eq!(after([UiAction::Key(String::new())]).selection.key, None);
    }

    #[test]
    fn another_scenario_voids_what_was_selected_and_keeps_what_was_typed() {
        let ui = after([
            UiAction::Value("tea".into()),
            UiAction::Via(Some(NodeId(9))),
            UiAction::Select(Thing::Request(RequestId(3))),
            UiAction::Opened(Some("sandbox".into())),
        ]);
        assert_eq!((ui.selection.request, ui.via), (None, None));
        assert_eq!(ui.value, "tea");
    }
}
