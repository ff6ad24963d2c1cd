//! What every component needs: the session, its revision, the page's own state.

use crate::paint::Stage;
use crate::session::{Handle, Revisions, Session};
use crate::state::{ClusterTab, Depth, Ui, UiAction};
use ringside_scene::{Palette, Selection, Thing, View};
use std::cell::Ref;
use std::rc::Rc;
use yew::prelude::*;

/// Handed down to all components; another one with each revision.
#[derive(Clone)]
pub(crate) struct Page {
    /// The session.
    pub(crate) handle: Handle,
    /// Which states of the session the panels are to show, by their turns.
    pub(crate) revisions: Revisions,
    /// The page's own state.
    pub(crate) ui: UseReducerHandle<Ui>,
    /// The colours in force.
    pub(crate) palette: Palette,
    /// What is painted.
    pub(crate) stage: Rc<Stage>,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.handle == other.handle
            && self.revisions == other.revisions
            && self.ui == other.ui
            && self.palette == other.palette
    }
}

impl Page {
    /// Looks at the session.
    pub(crate) fn session(&self) -> Ref<'_, Session> {
        self.handle.read()
    }

    /// Changes the page's own state.
    pub(crate) fn dispatch(&self, action: UiAction) {
        self.ui.dispatch(action);
    }

    /// Changes the session when something happens.
    pub(crate) fn on<E: 'static>(&self, change: impl Fn(&mut Session) + 'static) -> Callback<E> {
        let handle = self.handle.clone();
        Callback::from(move |_| handle.change(&change))
    }

    /// Does something by hand when something happens.
    pub(crate) fn does<E: 'static>(&self, act: impl Fn(&mut Session) + 'static) -> Callback<E> {
        let (handle, act) = (self.handle.clone(), Rc::new(act));
        Callback::from(move |_| {
            let act = Rc::clone(&act);
            handle.act(move |session| act(session));
        })
    }

    /// Looks at the run as it stands, for pictures and words.
    pub(crate) fn with_view<T>(&self, look: impl FnOnce(&View<'_>) -> T) -> T {
        let session = self.session();
        let snapshot = session.snapshot();
        let selection = self.selection();
        look(&View {
            recording: session.recording(),
            snapshot: &snapshot,
            position: session.position(),
            now: session.time(),
            selection: &selection,
        })
    }

    /// Selects what was pointed at; a message brings its request along.
    pub(crate) fn select(&self, thing: Thing) {
        if let Thing::Message(id) = thing {
            let request = self.session().recording().trace().message(id).envelope.message.request();
            if let Some(request) = request {
                self.dispatch(UiAction::Select(Thing::Request(request)));
            }
        }
        self.dispatch(UiAction::Select(thing));
    }

    /// Does a view of the cluster stand beside the ring, since the lesson whose story is told is about it?
    pub(crate) fn exhibits(&self) -> bool {
        self.ui.depth == Depth::Story
            && self.session().lesson().is_some()
            && ClusterTab::about(self.ui.scenario.as_deref()) != ClusterTab::Claims
    }

    /// What is selected; before anything has been asked or chosen it is the key that is typed, and where a lesson asks
    /// which nodes a key has, that key.
    pub(crate) fn selection(&self) -> Selection {
        let session = self.session();
        let mut selection = session.existing(&self.ui.selection);
        let begun =
            session.recording().trace().ops.first().is_some_and(|op| op.start_at <= session.position());
        if selection.key.is_none() && begun {
            selection.key = session.key_ahead();
        } else if selection.key.is_none() {
            let typed = self.key();
            let fits = !typed.is_empty() && typed.len() <= ringside_core::Key::MAX_BYTES;
            selection.key = fits.then(|| ringside_core::Key::new(&typed));
        }
        selection
    }

    /// The key of the next request: what is typed; until something is, the first that the scenario asks for.
    pub(crate) fn key(&self) -> String {
        self.ui.key.clone().unwrap_or_else(|| self.session().first_key().to_owned())
    }
}

/// The page around this component.
#[hook]
pub(crate) fn use_page() -> Page {
    use_context::<Page>().expect("every component stands inside the page")
}
