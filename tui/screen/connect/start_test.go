package connect_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/connect"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// elsewhere starts the page while another one is in front, and returns what it asks of the frame.
func elsewhere(t *testing.T, b *bench) (asked []tea.Msg) {
	t.Helper()
	s := connect.New(t.Context(), b, "sim:")
	look := screentest.Look()
	look.Linear = true // no spinner
	s.Resize(look)
	screentest.Run(t, s.Start(), func(m tea.Msg) tea.Cmd {
		asked = append(asked, m)
		return s.Update(m)
	})
	return asked
}

func TestConnectingDoesNotTakeAPersonElsewhere(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		for _, m := range elsewhere(t, shop()) {
			if to, ok := m.(screen.GoMsg); ok {
				t.Errorf("a person on another page is taken to %s", to.Name)
			}
		}
	})
}

func TestAFailureIsToldOnAnotherPage(t *testing.T) {
	screentest.Test(t, func(t *testing.T) {
		b := shop()
		b.err = errs.New(errs.NoVehicle, "no control unit answered")
		told := false
		for _, m := range elsewhere(t, b) {
			toast, ok := m.(screen.ToastMsg)
			told = told || ok && toast.Text == "no control unit answered"
		}
		if !told {
			t.Error("nobody was told")
		}
	})
}
