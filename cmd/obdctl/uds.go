package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const udsLong = `uds sends single requests of ISO 14229-1 (Unified Diagnostic Services) and says what the answers mean. It is
for people who know what they ask: 'obdctl scan' reads everything that every car has.

'read', 'dtc' and 'scan-dids' only read. Everything else can change the car: it needs --i-know with the
command's own name, a confirmation at the terminal (or --yes), and a vehicle that stands with its engine
off. Programming a control unit is not part of this program.`

// expert is what all `uds` commands have.
type expert struct {
	app                *app
	ecuText, head      string
	iKnow, session     string
	yes, force         bool
	ecu, header        obd.Address
	keyHex, keyCommand string
	level              string
}

func (a *app) uds() *cobra.Command {
	x := &expert{app: a}
	cmd := &cobra.Command{
		Use:   "uds",
		Short: "Single requests of ISO 14229-1 (UDS), for experts",
		Long:  udsLong,
		Example: `  obdctl uds read F190 F187                       # identifiers of every control unit
  obdctl uds dtc --mask 0D --ecu 7E8
  obdctl uds reset soft --ecu 7E8 --i-know reset`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := cmd.PersistentFlags()
	f.StringVar(&x.ecuText, "ecu", "", "the `ADDRESS` that the control unit answers at, such as 7E8 or 18DAF110 (default: all)")
	f.StringVar(&x.head, "header", "", "the `ADDRESS` to send to, where it does not follow from --ecu")
	cmd.AddCommand(x.read(), x.dtc(), x.scanDIDs())
	for _, c := range []*cobra.Command{
		x.startSession(), x.reset(), x.routine(), x.write(), x.control(), x.communication(), x.setting(), x.periodic(), x.key(),
	} {
		x.changeFlags(c)
		cmd.AddCommand(c)
	}
	return cmd
}

// address reads --ecu and --header.
func (x *expert) address() error {
	var err error
	if x.ecu, err = obd.ParseAddress(x.ecuText); err != nil {
		return errs.New(errs.Usage, "--ecu: %w", err)
	}
	if x.header, err = obd.ParseAddress(x.head); err != nil {
		return errs.New(errs.Usage, "--header: %w", err)
	}
	return nil
}

// look opens a session that only reads.
func (x *expert) look(ctx context.Context, do func(*session, *diag.Dialogue) error) error {
	if err := x.address(); err != nil {
		return err
	}
	s, err := x.app.dial(ctx, link.ReadOnly())
	if err != nil {
		return err
	}
	err = do(s, s.tester.Dialogue(x.ecu, x.header))
	return firstError(err, s.done())
}

// udsAnswers is what the `uds` commands write.
type udsAnswers struct {
	Schema  string      `json:"schema"`
	Request string      `json:"request"`
	Answers []udsAnswer `json:"answers"`
}

type udsAnswer struct {
	ECU      obd.Address `json:"ecu,omitzero"`
	At       time.Time   `json:"at,omitzero"`
	Raw      string      `json:"raw"`
	Positive bool        `json:"positive"`
	NRC      *uint8      `json:"nrc,omitempty"`
	Outcome  string      `json:"outcome"`
	Problem  string      `json:"problem,omitempty"`
	Data     any         `json:"data,omitempty"`
}

// ask sends one request and shows the answers. The first that is not positive is the error.
func (x *expert) ask(ctx context.Context, d *diag.Dialogue, request []byte, slow bool) error {
	answers, err := d.Ask(ctx, request, slow)
	if err != nil {
		return noAnswer(err)
	}
	return x.show(request, answers)
}

// noAnswer words silence and refusals.
func noAnswer(err error) error {
	if errors.Is(err, link.ErrNoReply) {
		return errs.New(errs.NoVehicle, "%w", err).WithHint("is the address right (--ecu), and the ignition on?")
	}
	if n, refused := errors.AsType[link.NegativeReply](err); refused && errs.KindOf(err) == errs.Internal {
		return errs.New(errs.Denied, "%w", n)
	}
	return err
}

func (x *expert) show(request []byte, answers []diag.Answer) error {
	var err error
	document := udsAnswers{Schema: "obdctl.uds/1", Request: hexText(request), Answers: []udsAnswer{}}
	for _, a := range answers {
		if a.Err != nil && err == nil {
			err = errs.New(errs.Denied, "%w", a.Err)
		}
		document.Answers = append(document.Answers, describeAnswer(a))
	}
	if x.app.flags.json {
		return firstError(writeJSON(x.app.out, document), told(err))
	}
	return firstError(x.app.show(text.UDS(request, answers, x.app.textOptions(true))), err)
}

func describeAnswer(a diag.Answer) udsAnswer {
	out := udsAnswer{
		ECU: a.ECU, At: a.At, Raw: a.Raw.String(), Positive: a.Reply.Positive, Outcome: a.Reply.CodeName(),
		Problem: a.Reply.Problem, Data: a.Reply.Data,
	}
	if !a.Reply.Positive && a.Reply.Valid {
		code := a.Reply.Code
		out.NRC = &code
	}
	return out
}
