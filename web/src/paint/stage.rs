//! What the frame loop draws: the pictures that are on the page, of one session, one selection and one theme.

use super::glide::Glide;
use super::surface::Surface;
use crate::session::Handle;
use ringside_core::Time;
use ringside_scene::{Mark, Palette, Selection, Size, View};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// The loop runs the simulation on for at most this long a frame, in milliseconds: while nothing moves, while the clock
/// runs and soon needs more, and while it runs and has enough.
const SLICES_MS: [f64; 3] = [6.0, 3.0, 0.8];
/// So many events beyond the clock are enough for a while.
const ENOUGH: u64 = 2_000;
/// Steps over more events than this are jumps: nothing could be followed.
const GLIDES_OVER: u64 = 8;

/// What one canvas shows.
pub(crate) type Draw = fn(&View<'_>, Size) -> Vec<Mark>;

/// When a canvas is painted again, besides for another size or theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// With another run, or another ring, or other conditions of its nodes.
    Ring,
    /// With another position or selection, or as the run gets longer, too.
    Position,
    /// With each moment, too.
    Moment,
}

/// Everything that the frame loop needs.
pub(crate) struct Stage {
    handle: Handle,
    selection: RefCell<Selection>,
    palette: Cell<Palette>,
    still: Cell<bool>,
    forced: Cell<bool>,
    /// Counts changes of the selection, and of theme and pictures.
    selected: Cell<u64>,
    dressed: Cell<u64>,
    pictures: RefCell<Vec<Rc<Shown>>>,
    glide: Cell<Glide>,
    at: Cell<u64>,
    last_frame: Cell<Option<f64>>,
}

/// Whatever a picture depends on, besides its size.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Drawn {
    generation: u64,
    shape: u64,
    len: u64,
    position: u64,
    now: u64,
    selected: u64,
    dressed: u64,
}

impl Drawn {
    /// What a layer depends on; the rest is the same for every picture.
    const fn of(self, layer: Layer) -> Self {
        match layer {
            Layer::Ring => Self { len: 0, position: 0, now: 0, selected: 0, ..self },
            Layer::Position => Self { now: 0, ..self },
            Layer::Moment => self,
        }
    }
}

struct Shown {
    surface: Surface,
    layer: Layer,
    draw: Draw,
    drawn: Cell<Option<Drawn>>,
}

/// A canvas that the loop paints until this is dropped.
pub(crate) struct Picture {
    stage: Rc<Stage>,
    shown: Rc<Shown>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("surface", &self.shown.surface).finish_non_exhaustive()
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("pictures", &self.pictures.borrow().len()).finish_non_exhaustive()
    }
}

impl Stage {
    /// A stage with nothing on it.
    pub(crate) fn new(handle: Handle) -> Rc<Self> {
        Rc::new(Self {
            handle,
            selection: RefCell::default(),
            palette: Cell::default(),
            still: Cell::new(false),
            forced: Cell::new(false),
            selected: Cell::new(0),
            dressed: Cell::new(0),
            pictures: RefCell::default(),
            glide: Cell::default(),
            at: Cell::new(0),
            last_frame: Cell::new(None),
        })
    }

    /// Paints this canvas from now on.
    pub(crate) fn show(self: &Rc<Self>, surface: Surface, layer: Layer, draw: Draw) -> Picture {
        let shown = Rc::new(Shown { surface, layer, draw, drawn: Cell::new(None) });
        self.pictures.borrow_mut().push(Rc::clone(&shown));
        Picture { stage: Rc::clone(self), shown }
    }

    /// Shows this selection in these colours; `still` where nothing may move between events,
    /// `forced` where the visitor's system has its own colours.
    pub(crate) fn dress(&self, selection: &Selection, palette: Palette, still: bool, forced: bool) {
        if *self.selection.borrow() != *selection {
            self.selection.replace(selection.clone());
            self.selected.set(self.selected.get() + 1);
        }
        let before = (self.palette.replace(palette), self.still.replace(still), self.forced.replace(forced));
        if before != (palette, still, forced) {
            self.dressed.set(self.dressed.get() + 1);
        }
    }

    /// One frame: moves the session on, then paints what has changed.
    pub(crate) fn frame(&self, now_ms: f64) {
        let frame_ms = self.last_frame.replace(Some(now_ms)).map_or(0.0, |last| now_ms - last);
        let began = milliseconds();
        let slice = {
            let session = self.handle.read();
            let ahead = session.recording().len().saturating_sub(session.position());
            match (session.playing(), ahead > ENOUGH) {
                (false, _) => SLICES_MS[0],
                (true, false) => SLICES_MS[1],
                (true, true) => SLICES_MS[2],
            }
        };
        self.handle.frame(now_ms, frame_ms, || milliseconds() - began > slice);
        let (position, now) = self.moment(now_ms);
        let session = self.handle.read();
        let drawn = Drawn {
            generation: session.generation(),
            shape: 0,
            len: session.recording().len(),
            position,
            now: now.to_bits(),
            selected: self.selected.get(),
            dressed: self.dressed.get(),
        };
        let snapshot = session.snapshot_at(position);
        let selection = session.existing(&self.selection.borrow());
        let view = View {
            recording: session.recording(),
            snapshot: &snapshot,
            position,
            now: Time::from_micros(now as u64),
            selection: &selection,
        };
        let drawn = Drawn { shape: ringside_scene::ring::shape(&view), ..drawn };
        for shown in &*self.pictures.borrow() {
            let size = shown.surface.size();
            let wanted = drawn.of(shown.layer);
            let same = shown.drawn.replace(Some(wanted)) == Some(wanted);
            if (shown.surface.fit() || !same) && size.width >= 1.0 && size.height >= 1.0 {
                shown.surface.paint(&(shown.draw)(&view, size), &self.palette.get(), self.forced.get());
            }
        }
    }

    /// Position and simulated µs to draw: those of the session, or a moment on the way there.
    fn moment(&self, now_ms: f64) -> (u64, f64) {
        let session = self.handle.read();
        let (position, now) = (session.position(), session.now());
        let trace = session.recording().trace();
        if self.still.get() {
            // While it plays, from event to event; where it has stopped, as things stand there.
            let event = trace.time_of(position).as_micros() as f64;
            return (position, if session.playing() { event } else { now });
        }
        let near = position.abs_diff(self.at.replace(position)) <= GLIDES_OVER;
        let moves = near && !session.playing();
        let mut glide = self.glide.get();
        let shown = glide.follow(now, session.generation(), now_ms, moves);
        self.glide.set(glide);
        if shown < now {
            let on_the_way = session.recording().position_at(Time::from_micros(shown as u64));
            return (on_the_way.min(position), shown);
        }
        // Going back, what has not happened any more is gone at once: only the moment glides.
        (position, now)
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        self.stage.pictures.borrow_mut().retain(|shown| !Rc::ptr_eq(shown, &self.shown));
    }
}

/// Milliseconds on the page's monotonic clock.
fn milliseconds() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
