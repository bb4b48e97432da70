package tui

import (
	tea "charm.land/bubbletea/v2"
)

// mouse hands clicks and wheel to the tabs, the rail or, in its own coordinates, the page in front.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	if _, isClick := msg.(tea.MouseClickMsg); isClick && m.overlay == nil {
		if page := m.pageAt(at.X, at.Y); page >= 0 {
			return m.turn(page)
		}
		if at.Y == m.height-1 {
			return m.openPalette()
		}
	}
	x, y := m.origin()
	at.X, at.Y = at.X-x, at.Y-y
	switch msg.(type) {
	case tea.MouseClickMsg:
		return m.input(tea.MouseClickMsg(at))
	case tea.MouseReleaseMsg:
		return m.input(tea.MouseReleaseMsg(at))
	case tea.MouseWheelMsg:
		return m.input(tea.MouseWheelMsg(at))
	case tea.MouseMotionMsg:
		return m.input(tea.MouseMotionMsg(at))
	}
	return nil
}

// pageAt is the page whose tab or row in the rail is at a place, -1 for none.
func (m *Model) pageAt(x, y int) int {
	if !m.hasRail() {
		for _, t := range m.tabs() {
			if y == 1 && x >= t.from && x < t.until {
				return t.page
			}
		}
		return -1
	}
	if x >= railWidth {
		return -1
	}
	line := 2 // the caption of the first group
	for g := range Group(3) {
		line++
		if g > 0 {
			line++
		}
		for i, p := range m.pages {
			if p.Group != g {
				continue
			}
			if line == y {
				return i
			}
			line++
		}
	}
	return -1
}
