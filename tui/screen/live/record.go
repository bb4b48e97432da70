package live

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

type (
	recordedMsg struct{ err error }
	keptMsg     struct {
		kept Kept
		err  error
	}
)

// record begins a recording. It goes on when another page is looked at, and is finished when the program ends.
func (s *Screen) record(words string) tea.Cmd {
	return func() tea.Msg { return recordedMsg{s.car.Record(s.ctx, words)} }
}

func (s *Screen) recorded(msg recordedMsg) tea.Cmd {
	switch {
	case errs.KindOf(msg.err) == errs.Usage: // the car does not say which one it is
		return tea.Batch(screen.Fail(msg.err), screen.Open(widget.NewPrompt(s.look.T("tui.live.whose"), s.look.T("tui.live.whose_hint"), "", nil, s.record)))
	case msg.err != nil:
		return screen.Fail(msg.err)
	}
	s.began = s.board.Newest()
	return screen.Toast(theme.Fine, s.look.T("tui.live.recording_began"))
}

func (s *Screen) stopRecording() tea.Cmd {
	return func() tea.Msg {
		kept, err := s.car.StopRecording(s.ctx)
		return keptMsg{kept, err}
	}
}

func (s *Screen) kept(msg keptMsg) tea.Cmd {
	if msg.err != nil {
		return screen.Fail(msg.err)
	}
	return screen.Toast(theme.Fine, s.look.N("tui.live.kept", msg.kept.Values))
}
