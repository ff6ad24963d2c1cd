//! The drawing list: few shapes, coloured by meaning. A painter needs nothing else, on a canvas or in SVG.

use ringside_core::{Key, NodeId, RequestId};
use ringside_sim::MessageId;

/// A place in a drawing, in CSS pixels from its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// What a colour means. [`crate::Palette::rgb`] knows the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The page behind everything.
    Ground,
    /// A surface that stands out a little, such as the band of a node that is down.
    Shade,
    /// Text and the lines that matter.
    Text,
    /// Text and lines of the second rank; still readable.
    Muted,
    /// The rim of a disc: dark on the light page; on the dark page, where fills show by themselves, as the page.
    Rim,
    /// Lines that separate, and nothing else.
    Hair,
    /// The fill of a node: hue means which node.
    Node(NodeId),
    /// Letters, patterns and signs on a node's fill.
    OnNode(NodeId),
    /// The same two where the fill itself says something, such as that the node has answered: also without hues.
    Answer(NodeId),
    /// Letters on that.
    OnAnswer(NodeId),
    /// A failed request or a broken claim, and nothing else.
    Alarm,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub ink: Ink,
    /// Its width in pixels.
    pub width: f64,
    /// Dashed: four pixels on, three off.
    pub dashed: bool,
}

/// Which point of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// How a text is set. Its baseline is such that its place is the middle of its height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Height of the font in pixels.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Fixed width, for keys, values and versions.
    pub mono: bool,
    /// Which point its place is.
    pub anchor: Anchor,
    /// Drawn over a rim of [`Ink::Ground`], so that lines behind it do not disturb.
    pub halo: bool,
}

/// A shape. Angles are in radians, clockwise, from twelve o'clock.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A piece of a band round `centre`. `sweep` is positive, up to a whole turn.
    Arc {
        /// The middle of its circles.
        centre: Point,
        /// Inner radius; equal to `outer` it is a bare line, to be stroked.
        inner: f64,
        /// Outer radius.
        outer: f64,
        /// Where it begins.
        start: f64,
        /// How far it goes, clockwise.
        sweep: f64,
    },
    /// A circle.
    Circle {
        /// Its middle.
        centre: Point,
        /// Its radius.
        radius: f64,
    },
    /// Straight lines from point to point; closed it is a polygon.
    Path {
        /// The points.
        points: Vec<Point>,
        /// Does the last join the first?
        closed: bool,
    },
    /// A quadratic curve.
    Curve {
        /// From here …
        from: Point,
        /// … drawn towards this …
        control: Point,
        /// … to here.
        to: Point,
    },
    /// A text.
    Text {
        /// Where.
        at: Point,
        /// What.
        text: String,
        /// How.
        lettering: Lettering,
    },
}

/// One thing to paint: the shape, filled first, then stroked.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The shape.
    pub shape: Shape,
    /// The colour of its inside; a text is filled, never stroked.
    pub fill: Option<Ink>,
    /// Its outline.
    pub stroke: Option<Stroke>,
    /// 0 is invisible, 1 is solid.
    pub opacity: f64,
}

/// What a place in a drawing stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A node.
    Node(NodeId),
    /// A message.
    Message(MessageId),
    /// A request.
    Request(RequestId),
    /// A key.
    Key(Key),
}

/// A place that can be pointed at: within `reach` pixels of the line between the two points.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// What it stands for.
    pub thing: Thing,
    /// One end.
    pub from: Point,
    /// The other end; the same point for something round.
    pub to: Point,
    /// How far from the line still counts, in pixels.
    pub reach: f64,
}

impl Point {
    /// The point with these coordinates.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point at `radius` from here, in the direction `angle` (radians, clockwise from twelve o'clock).
    #[must_use]
    pub fn polar(self, radius: f64, angle: f64) -> Self {
        Self::new(self.x + radius * libm::sin(angle), self.y - radius * libm::cos(angle))
    }

    /// How far `other` is, in pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        libm::hypot(self.x - other.x, self.y - other.y)
    }

    /// The point at `part` of the way to `other`: 0 is here, 1 is there.
    #[must_use]
    pub fn towards(self, other: Self, part: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part)
    }

    /// Moved by so much.
    #[must_use]
    pub fn moved(self, right: f64, down: f64) -> Self {
        Self::new(self.x + right, self.y + down)
    }
}

impl Stroke {
    /// A whole line.
    #[must_use]
    pub const fn solid(ink: Ink, width: f64) -> Self {
        Self { ink, width, dashed: false }
    }

    /// A dashed line.
    #[must_use]
    pub const fn dashed(ink: Ink, width: f64) -> Self {
        Self { ink, width, dashed: true }
    }
}

impl Lettering {
    /// Regular, proportional, centred, without a rim.
    #[must_use]
    pub const fn plain(size: f64) -> Self {
        Self { size, bold: false, mono: false, anchor: Anchor::Middle, halo: false }
    }

    /// The same in bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same with fixed width.
    #[must_use]
    pub const fn mono(self) -> Self {
        Self { mono: true, ..self }
    }

    /// The same with a rim.
    #[must_use]
    pub const fn halo(self) -> Self {
        Self { halo: true, ..self }
    }

    /// The same at another anchor.
    #[must_use]
    pub const fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// About how wide `text` is in pixels, without a font at hand: good enough to keep labels apart.
    #[must_use]
    pub fn width(&self, text: &str) -> f64 {
        let wide = match (self.mono, self.bold) {
            (true, _) => 0.62,
            (false, true) => 0.68,
            (false, false) => 0.56,
        };
        text.chars().count() as f64 * self.size * wide
    }
}

impl Mark {
    /// A shape with nothing painted yet.
    #[must_use]
    pub const fn new(shape: Shape) -> Self {
        Self { shape, fill: None, stroke: None, opacity: 1.0 }
    }

    /// A circle.
    #[must_use]
    pub const fn circle(centre: Point, radius: f64) -> Self {
        Self::new(Shape::Circle { centre, radius })
    }

    /// A bare arc, to be stroked.
    #[must_use]
    pub const fn arc(centre: Point, radius: f64, start: f64, sweep: f64) -> Self {
        Self::new(Shape::Arc { centre, inner: radius, outer: radius, start, sweep })
    }

    /// A straight line, to be stroked.
    #[must_use]
    pub fn line(from: Point, to: Point) -> Self {
        Self::path(&[from, to])
    }

    /// An open path, to be stroked.
    #[must_use]
    pub fn path(points: &[Point]) -> Self {
        Self::new(Shape::Path { points: points.to_vec(), closed: false })
    }

    /// A polygon.
    #[must_use]
    pub fn polygon(points: &[Point]) -> Self {
        Self::new(Shape::Path { points: points.to_vec(), closed: true })
    }

    /// A text.
    #[must_use]
    pub fn text(at: Point, text: impl Into<String>, lettering: Lettering, ink: Ink) -> Self {
        Self::new(Shape::Text { at, text: text.into(), lettering }).fill(ink)
    }

    /// Is it a small dot or a text that reaches into the box of this middle, half width and half height? In pixels.
    #[must_use]
    pub fn reaches_into(&self, middle: Point, half: f64, tall: f64) -> bool {
        let (at, wide, high) = match &self.shape {
            Shape::Circle { centre, radius } if *radius < 9.0 => (*centre, *radius, *radius),
            Shape::Text { at, text, lettering } => (*at, lettering.width(text) / 2.0, lettering.size / 2.0),
            Shape::Arc { .. } | Shape::Circle { .. } | Shape::Path { .. } | Shape::Curve { .. } => {
                return false;
            }
        };
        (at.x - middle.x).abs() < half + wide && (at.y - middle.y).abs() < tall + high
    }

    /// Filled with this.
    #[must_use]
    pub fn fill(self, ink: Ink) -> Self {
        Self { fill: Some(ink), ..self }
    }

    /// With this outline.
    #[must_use]
    pub fn stroke(self, stroke: Stroke) -> Self {
        Self { stroke: Some(stroke), ..self }
    }

    /// Outlined by a whole line.
    #[must_use]
    pub fn line_of(self, ink: Ink, width: f64) -> Self {
        self.stroke(Stroke::solid(ink, width))
    }

    /// At this opacity, 0 to 1.
    #[must_use]
    pub fn faded(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

/// Two strokes across each other at `at`, `reach` pixels each way: the sign for what was lost.
#[must_use]
pub fn cross(at: Point, reach: f64, ink: Ink, opacity: f64) -> [Mark; 2] {
    let line =
        |dx: f64, dy: f64| Mark::line(at.moved(-dx, -dy), at.moved(dx, dy)).line_of(ink, 2.0).faded(opacity);
    [line(reach, reach), line(reach, -reach)]
}

/// An arrowhead of `size` pixels at `tip`, for a line that comes from `from`.
#[must_use]
pub fn arrowhead(from: Point, tip: Point, size: f64, ink: Ink) -> Mark {
    let length = from.distance(tip).max(1e-6);
    let (along_x, along_y) = ((tip.x - from.x) / length, (tip.y - from.y) / length);
    let back = tip.moved(-along_x * size, -along_y * size);
    let half = size * 0.45;
    let (left, right) =
        (back.moved(-along_y * half, along_x * half), back.moved(along_y * half, -along_x * half));
    Mark::polygon(&[tip, left, right]).fill(ink)
}
