package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// dtcQuery is what `uds dtc` was given.
type dtcQuery struct {
	mask, subFunction, code, record, data string
}

func (x *expert) dtc() *cobra.Command {
	var q dtcQuery
	cmd := &cobra.Command{
		Use:   "dtc",
		Short: "Read trouble codes and their data (service 19, every sub-function)",
		Long: `dtc asks for trouble codes with their status. Without more it is sub-function 02 with the mask FF: every code
that the control unit stores, also those whose test never failed.

Common masks: 01 failed now, 04 pending, 08 confirmed, 80 asks for a lamp; they add up.
--dtc asks for one code: its snapshots (04, the default then), extended data (06) or severity (09).
--data gives any other sub-function its bytes, such as --subfunction 42 --data 33081E.`,
		Example: `  obdctl uds dtc --mask 0C
  obdctl uds dtc --dtc 030100 --ecu 7E8
  obdctl uds dtc --subfunction 15`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			request, err := q.request()
			if err != nil {
				return err
			}
			return x.look(cmd.Context(), func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, request, true)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.mask, "mask", "", "status mask, one hexadecimal byte (default FF)")
	f.StringVar(&q.subFunction, "subfunction", "", "sub-function of service 19, one hexadecimal byte")
	f.StringVar(&q.code, "dtc", "", "one code, six hexadecimal digits")
	f.StringVar(&q.record, "record", "FF", "record number for --dtc; FF for all")
	f.StringVar(&q.data, "data", "", "the bytes behind the sub-function, hexadecimal")
	return cmd
}

// request builds the message.
func (q dtcQuery) request() ([]byte, error) {
	sub, err := q.sub()
	if err != nil {
		return nil, err
	}
	switch {
	case q.data != "":
		data, err := hexBytes("--data", q.data)
		return uds.DTCs(sub, data...), err
	case q.code != "":
		return q.detail(sub)
	}
	mask := uint64(0xFF)
	if q.mask != "" {
		if mask, err = hexNumber("--mask", q.mask, 8); err != nil {
			return nil, err
		}
	}
	switch sub {
	case uds.CountByStatus, uds.ByStatus, uds.MirrorByStatus, uds.MirrorCountByStatus, uds.EmissionsCount, uds.EmissionsByStatus:
		return uds.DTCs(sub, byte(mask)), nil
	case uds.CountBySeverity, uds.BySeverity:
		return uds.DTCs(sub, 0xFF, byte(mask)), nil
	case uds.WWHByMask:
		return uds.WWHDTCs(uds.EmissionsSystems, uds.Status(mask), 0xFF), nil
	case uds.WWHPermanent:
		return uds.WWHPermanentDTCs(uds.EmissionsSystems), nil
	case uds.SnapshotNumbers, uds.SupportedDTCs, uds.FirstFailed, uds.FirstConfirmed, uds.LastFailed, uds.LastConfirmed,
		uds.FaultCounters, uds.PermanentDTCs:
		return uds.DTCs(sub), nil
	}
	return nil, errs.New(errs.Usage, "sub-function %02X needs more", sub).WithHint("give its bytes with --data, or a code with --dtc")
}

func (q dtcQuery) sub() (byte, error) {
	if q.subFunction != "" {
		n, err := hexNumber("--subfunction", q.subFunction, 8)
		return byte(n), err
	}
	if q.code != "" {
		return uds.SnapshotByDTC, nil
	}
	return uds.ByStatus, nil
}

// detail asks for one code.
func (q dtcQuery) detail(sub byte) ([]byte, error) {
	code, err := hexNumber("--dtc", q.code, 24)
	if err != nil {
		return nil, err
	}
	if sub == uds.SeverityOfDTC {
		return uds.DTCDetail(sub, uds.DTC(code)), nil
	}
	record, err := hexNumber("--record", q.record, 8)
	return uds.DTCDetail(sub, uds.DTC(code), byte(record)), err
}
