package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

const sessionConsequences = `Outside the default session a control unit may switch functions off and light warning lamps.
It goes back by itself five seconds after the last sign of the tester.`

func (x *expert) startSession() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "session default|extended|safety|NN",
		Short: "Open a diagnostic session (service 10) and keep it until Ctrl-C",
		Long: sessionConsequences + `

The session is kept alive by TesterPresent (3E 80) until you press Ctrl-C; then the default session is opened
again. The programming session (02) is not there. 'session default' asks for nothing but the default session,
which is harmless and needs no confirmation.`,
		Example: "  obdctl uds session default --ecu 7E8\n  obdctl uds session extended --ecu 7E8 --i-know session",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := choice("session", args[0], []string{"default", "extended", "safety"},
				[]byte{uds.DefaultSession, uds.ExtendedSession, uds.SafetySession})
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if kind == uds.DefaultSession {
				return x.look(ctx, func(_ *session, d *diag.Dialogue) error {
					return x.ask(ctx, d, uds.StartSession(kind), false)
				})
			}
			return x.change(ctx, udsChange{
				word: "session", service: uds.SessionControl, consequences: sessionConsequences,
			}, func(_ *session, d *diag.Dialogue) error {
				answers, err := d.Start(ctx, kind)
				if err != nil {
					return noAnswer(err)
				}
				if err := x.show(uds.StartSession(kind), answers); err != nil {
					return err
				}
				x.app.notice(true, "the session is kept alive; Ctrl-C ends it")
				<-ctx.Done()
				return nil
			})
		},
	}
	return cmd
}
