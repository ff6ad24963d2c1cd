//! Which of the panels below the ring is there, where the window has no room for all of them.

/// A panel, or what stands in one column on a wide page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// What the lesson tells and asks.
    Lesson,
    /// The next request, and what the cluster is set to.
    Settings,
    /// The space-time diagram.
    Diagram,
    /// What is selected, the cluster, what can happen next.
    Inspector,
    /// What happened, line by line.
    Log,
}

impl Room {
    /// All of them, in the order of the buttons.
    pub(crate) const ALL: [Self; 5] =
        [Self::Lesson, Self::Settings, Self::Diagram, Self::Inspector, Self::Log];

    /// Its name on the page, and in `data-room`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lesson => "Lesson",
            Self::Settings => "Settings",
            Self::Diagram => "Diagram",
            Self::Inspector => "Inspector",
            Self::Log => "Log",
        }
    }

    /// What of the page stands in it.
    pub(crate) const fn panel(self) -> &'static str {
        match self {
            Self::Lesson => ".lesson",
            Self::Settings => ".side",
            Self::Diagram => ".spacetime",
            Self::Inspector => ".inspector",
            Self::Log => ".log",
        }
    }

    /// The one that is there: the chosen one, else the lesson of a scenario that is one, else the settings.
    pub(crate) fn shown(chosen: Option<Self>, taught: bool) -> Self {
        match chosen {
            Some(room) if taught || room != Self::Lesson => room,
            _ if taught => Self::Lesson,
            _ => Self::Settings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_shown_first_and_only_where_there_is_one() {
        assert_eq!(Room::shown(None, true), Room::Lesson);
        assert_eq!(Room::shown(None, false), Room::Settings);
        assert_eq!(Room::shown(Some(Room::Lesson), false), Room::Settings);
        for taught in [false, true] {
            assert_eq!(Room::shown(Some(Room::Log), taught), Room::Log);
        }
    }
}
