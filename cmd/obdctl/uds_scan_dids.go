package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// didLine is one line of `uds scan-dids --json`.
type didLine struct {
	Schema string      `json:"schema"`
	At     time.Time   `json:"at"`
	ECU    obd.Address `json:"ecu"`
	DID    string      `json:"did"`
	Length int         `json:"length"`
	Hex    string      `json:"hex,omitempty"`
	Text   string      `json:"text,omitempty"`
	NRC    *uint8      `json:"nrc,omitempty"`
}

// didProgress is the file of --resume.
type didProgress struct {
	Schema string      `json:"schema"`
	ECU    obd.Address `json:"ecu"`
	To     string      `json:"to"`
	Next   string      `json:"next"`
}

func (x *expert) scanDIDs() *cobra.Command {
	var from, to, resume string
	s := diag.DIDScan{}
	cmd := &cobra.Command{
		Use:   "scan-dids",
		Short: "Find the data identifiers that a control unit has (read-only, slow)",
		Long: `scan-dids asks one control unit for every identifier of a range, one by one, and shows those that it has, with
their data. It only reads (service 22). The rate is gentle: a gateway may take more for an attack. All 65,536
take two hours at the usual rate; Ctrl-C stops at once, and --resume goes on later from where it stopped.

Keep a charger on the battery. The scan stops when the supply falls below --min-volts.`,
		Example: `  obdctl uds scan-dids --ecu 7E8 --from F180 --to F1FF
  obdctl uds scan-dids --ecu 7E8 --from 0 --to FFFF --resume engine.progress --json >> engine.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			first, err := hexNumber("--from", from, 16)
			if err != nil {
				return err
			}
			last, err := hexNumber("--to", to, 16)
			if err != nil {
				return err
			}
			s.From, s.To = uint16(first), uint16(last)
			return x.findDIDs(cmd.Context(), s, resume)
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "F100", "first identifier, hexadecimal")
	f.StringVar(&to, "to", "F1FF", "last identifier, hexadecimal")
	f.Float64Var(&s.Rate, "rate", 10, "requests per second at most")
	f.Float64Var(&s.MinVolts, "min-volts", 11.8, "stop below this supply voltage; 0 for no watch")
	f.StringVar(&resume, "resume", "", "keep the progress in `FILE`, and go on from there")
	return cmd
}

func (x *expert) findDIDs(ctx context.Context, s diag.DIDScan, resume string) error {
	if x.ecuText == "" {
		return errs.New(errs.Usage, "name the control unit with --ecu").WithHint("'obdctl scan' lists them")
	}
	if s.Rate <= 0 || s.To < s.From {
		return errs.New(errs.Usage, "nothing to scan: --from %04X --to %04X --rate %g", s.From, s.To, s.Rate)
	}
	return x.look(ctx, func(session *session, _ *diag.Dialogue) error {
		s.ECU, s.Header = x.ecu, x.header
		next, err := startAt(resume, s)
		if err != nil || next > int(s.To) {
			return err
		}
		s.From = uint16(next)
		s.Found = x.showDID
		s.Progress = func(n int) error {
			next = n
			return ctx.Err()
		}
		err = session.tester.ScanDIDs(ctx, s)
		return firstError(saveProgress(resume, s, next), err)
	})
}

func (x *expert) showDID(f diag.FoundDID) error {
	line := didLine{
		Schema: "obdctl.did/1", At: obd.Stamp(time.Now()), ECU: f.ECU, DID: fmt.Sprintf("%04X", f.DID),
		Length: len(f.Data), Hex: f.Data.String(), Text: text.ASCII(f.Data), NRC: f.NRC,
	}
	if x.app.flags.json {
		return writeLine(x.app.out, line)
	}
	return x.app.show(text.DID(f))
}

// startAt returns the identifier to begin with: the first, or where the progress file says.
func startAt(path string, s diag.DIDScan) (int, error) {
	if path == "" {
		return int(s.From), nil
	}
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return int(s.From), nil
	}
	var p didProgress
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return 0, errs.New(errs.BadInput, "read progress: %w", err)
	}
	next, err := hexNumber("next", p.Next, 32)
	if err != nil || p.ECU != s.ECU || next < uint64(s.From) {
		return 0, errs.New(errs.BadInput, "%s is the progress of another scan (%s from %s)", path, p.ECU, p.Next).
			WithHint("name another file with --resume, or remove it")
	}
	return int(next), nil
}

func saveProgress(path string, s diag.DIDScan, next int) error {
	if path == "" {
		return nil
	}
	data, err := json.Marshal(didProgress{
		Schema: "obdctl.did-progress/1", ECU: s.ECU, To: fmt.Sprintf("%04X", s.To), Next: fmt.Sprintf("%04X", next),
	})
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return errs.New(errs.BadInput, "keep progress: %w", err)
	}
	return nil
}
