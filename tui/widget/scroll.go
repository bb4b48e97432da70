package widget

import tea "charm.land/bubbletea/v2"

// Scroll is the first line shown of a page that is longer than its screen.
type Scroll int

// Input moves the page by a key or the wheel; page is the height of the screen. Keys that mean nothing here leave
// it where it is. Whoever draws keeps it off the end.
func (s *Scroll) Input(msg tea.Msg, page int) {
	key := ""
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		key = msg.String()
	case tea.MouseWheelMsg:
		key = "down"
		if msg.Button == tea.MouseWheelUp {
			key = "up"
		}
	}
	switch key {
	case "up", "k":
		*s--
	case "down", "j":
		*s++
	case "pgup":
		*s -= Scroll(page)
	case "pgdown", "space":
		*s += Scroll(page)
	case "home":
		*s = 0
	case "end":
		*s = 1 << 16
	}
	*s = max(0, *s)
}

// Keep holds the page within its lines and returns the first one shown in a room of so many.
func (s *Scroll) Keep(lines, room int) int {
	*s = max(0, min(*s, Scroll(lines-room)))
	return int(*s)
}
