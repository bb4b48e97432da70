package widget

import tea "charm.land/bubbletea/v2"

// Update moves the cursor by keys, wheel and click. It tells whether the message was meant for the table, and
// whether it was a click on the row that was chosen already, which stands for enter.
func (t *Table) Update(msg tea.Msg) (taken, entered bool) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return t.key(msg.String()), false
	case tea.MouseWheelMsg:
		if !t.covers(msg.X, msg.Y) {
			return false, false
		}
		switch msg.Button {
		case tea.MouseWheelUp:
			t.Move(-3)
		case tea.MouseWheelDown:
			t.Move(3)
		}
		return true, false
	case tea.MouseClickMsg:
		if msg.Button != tea.MouseLeft || !t.covers(msg.X, msg.Y) {
			return false, false
		}
		return t.click(msg.Y - t.y)
	}
	return false, false
}

func (t *Table) covers(x, y int) bool {
	return x >= t.x && x < t.x+t.width && y >= t.y && y < t.y+t.height
}

func (t *Table) click(line int) (taken, entered bool) {
	if !t.Bare {
		line--
	}
	row := t.top + line
	if line < 0 || row >= len(t.Rows) || t.Rows[row].Head {
		return true, false
	}
	entered = row == t.Cursor
	t.Cursor = row
	t.settle()
	return true, entered
}

func (t *Table) key(k string) bool {
	switch k {
	case "up", "k":
		t.Move(-1)
	case "down", "j":
		t.Move(1)
	case "pgup":
		t.Move(-t.body())
	case "pgdown":
		t.Move(t.body())
	case "home":
		t.Move(-len(t.Rows))
	case "end":
		t.Move(len(t.Rows))
	default:
		return false
	}
	return true
}
