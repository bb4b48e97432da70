package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// key finds what a key does: overlay, text field, the screen's actions, the screen itself, the frame.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	k := msg.String()
	if k == "ctrl+c" {
		return m.quit()
	}
	if m.overlay != nil {
		return m.toOverlay(msg)
	}
	if k == "ctrl+p" {
		return m.openPalette()
	}
	if len(m.pages) == 0 {
		return nil
	}
	front := m.pages[m.front].Screen
	if t, ok := front.(screen.Typer); ok && t.Typing() {
		return front.Update(msg)
	}
	for _, a := range front.Actions() {
		if slices.Contains(a.Keys, k) {
			return do(a)
		}
	}
	for _, a := range m.actions() {
		if slices.Contains(a.Keys, k) {
			return do(a)
		}
	}
	return front.Update(msg)
}

// do runs an action, or says why not.
func do(a screen.Action) tea.Cmd {
	if a.Not != "" {
		return screen.Toast(theme.Medium, a.Not)
	}
	return a.Run()
}

// actions are the frame's own.
func (m *Model) actions() []screen.Action {
	t := m.look.T
	all := []screen.Action{
		{ID: "help", Title: t("tui.shell.help"), Keys: []string{"?", "f1"}, Run: m.openHelp},
		{ID: "palette", Title: t("tui.shell.palette"), Keys: []string{":", "ctrl+p"}, Run: m.openPalette},
		{ID: "back", Title: t("tui.shell.back"), Keys: []string{"esc", "backspace"}, Run: m.back},
		{ID: "next", Title: t("tui.shell.next"), Keys: []string{"tab"}, Run: func() tea.Cmd { return m.turn((m.front + 1) % len(m.pages)) }},
		{ID: "previous", Title: t("tui.shell.previous"), Keys: []string{"shift+tab"}, Run: func() tea.Cmd {
			return m.turn((m.front + len(m.pages) - 1) % len(m.pages))
		}},
		{ID: "quit", Title: t("tui.shell.quit"), Keys: []string{"q"}, Run: m.quit},
		{ID: "suspend", Title: t("tui.shell.suspend"), Keys: []string{"ctrl+z"}, Run: func() tea.Cmd { return tea.Suspend }},
		{ID: "redraw", Title: t("tui.shell.redraw"), Keys: []string{"ctrl+l"}, Run: func() tea.Cmd { return tea.ClearScreen }},
	}
	if m.toast.Undo != nil {
		undo := m.toast.Undo
		all = append(all, screen.Action{ID: "undo", Title: t("tui.shell.undo"), Keys: []string{"u"}, Run: func() tea.Cmd {
			m.toast = toast{id: m.toast.id}
			return undo()
		}})
	}
	for i, p := range m.pages {
		var keys []string
		if p.Key != "" {
			keys = []string{p.Key}
		}
		all = append(all, screen.Action{ID: "go." + p.Screen.Name(), Title: t("tui.shell.go", "page", m.title(i)), Keys: keys, Run: func() tea.Cmd { return m.turn(i) }})
	}
	return append(all, m.o.Actions...)
}

// title is what a page is called.
func (m *Model) title(i int) string { return m.look.T("tui." + m.pages[i].Screen.Name() + ".title") }

// openPalette offers every action of every screen, those of the page in front first.
func (m *Model) openPalette() tea.Cmd {
	var choices []widget.Choice
	add := func(page int, all []screen.Action) {
		for _, a := range all {
			note := ""
			if len(a.Keys) > 0 && (page < 0 || page == m.front) {
				note = widget.KeyName(m.look, a.Keys[0])
			}
			title := a.Title
			if page >= 0 && page != m.front {
				title = m.title(page) + ": " + title
			}
			choices = append(choices, widget.Choice{Text: title, Note: note, Not: a.Not, Run: func() tea.Cmd {
				if page >= 0 && page != m.front {
					return tea.Sequence(m.turn(page), do(a))
				}
				return do(a)
			}})
		}
	}
	if len(m.pages) > 0 {
		add(m.front, m.pages[m.front].Screen.Actions())
	}
	add(-1, m.actions())
	for i, p := range m.pages {
		if i != m.front {
			add(i, p.Screen.Actions())
		}
	}
	m.overlay = widget.NewPicker(m.look.T("tui.shell.palette"), m.look.T("tui.shell.palette_prompt"), choices)
	return nil
}
