//! From a pointer to the thing it points at.

use crate::mark::{Area, Point, Thing};

/// What lies at `at`: the nearest of the areas that reach so far, the upper one where two are equally near. A finger
/// is less exact than a mouse: it gets `slack` pixels more.
#[must_use]
pub fn thing(areas: &[Area], at: Point, slack: f64) -> Option<&Thing> {
    let mut best: Option<(f64, &Thing)> = None;
    for area in areas {
        let distance = distance(area, at);
        if distance <= area.reach + slack && best.is_none_or(|(least, _)| distance <= least) {
            best = Some((distance, &area.thing));
        }
    }
    best.map(|(_, thing)| thing)
}

/// How far `at` is from the line that an area lies round, in pixels.
#[must_use]
pub fn distance(area: &Area, at: Point) -> f64 {
    let (x, y) = (area.to.x - area.from.x, area.to.y - area.from.y);
    let length = x * x + y * y;
    if length < 1e-9 {
        return at.distance(area.from);
    }
    let part = ((at.x - area.from.x) * x + (at.y - area.from.y) * y) / length;
    at.distance(area.from.towards(area.to, part.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::NodeId;

    #[test]
    fn the_nearest_thing_in_reach_is_meant() {
        let area = |node, x: f64, to: f64| Area {
            thing: Thing::Node(NodeId(node)),
            from: Point::new(x, 0.0),
            to: Point::new(to, 0.0),
            reach: 10.0,
        };
        let areas = [area(0, 0.0, 0.0), area(1, 15.0, 100.0)];
        let at = |x, y| thing(&areas, Point::new(x, y), 0.0).cloned();
        assert_eq!(at(3.0, 4.0), Some(Thing::Node(NodeId(0))));
        assert_eq!(at(8.0, 0.0), Some(Thing::Node(NodeId(1))));
        assert_eq!(at(60.0, 9.0), Some(Thing::Node(NodeId(1))));
        assert_eq!(at(60.0, 11.0), None);
        assert_eq!(thing(&areas, Point::new(60.0, 11.0), 4.0), Some(&Thing::Node(NodeId(1))));
    }
}
