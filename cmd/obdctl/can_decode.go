package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
)

// logLimit bounds a log in bytes: an hour of a full bus has about 600 MB.
const logLimit = 1 << 30

func (a *app) canDecode() *cobra.Command {
	return &cobra.Command{
		Use:   "decode [FILE...]",
		Short: "Say what the frames of a log mean: diagnostics, and broadcasts by DBC files",
		Long: `decode reads candump, Vector .asc and PEAK .trc logs, or candump lines from standard input as they come. It joins
diagnostic messages and says what they mean; --signals FILE.dbc decodes the broadcast frames that the file names.
With --json each message is one object of obdctl.decode/1.`,
		Example: `  obdctl can decode car.log
  obdctl can decode --signals powertrain.dbc trace.asc --json
  obdctl can dump --adapter can://can0 | obdctl can decode --signals powertrain.dbc`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, _, err := a.decoder(cmd.Context(), "")
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.decodeAll(d, interruptible(cmd.Context(), a.in), catalog.Request{})
			}
			in, err := candumpOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			return a.decodeAll(d, in, catalog.Request{})
		},
	}
}

// candumpOf reads logs of any format and gives them as candump's.
func candumpOf(ctx context.Context, paths []string) (io.Reader, error) {
	var all bytes.Buffer
	for _, path := range paths {
		log, err := readFrames(ctx, path)
		if err != nil {
			return nil, err
		}
		for _, e := range log.Entries {
			all.Write(framelog.AppendCandump(nil, e))
		}
	}
	return &all, nil
}

// readFrames reads a log of frames.
func readFrames(ctx context.Context, path string) (*framelog.Log, error) {
	return await(ctx, func() (*framelog.Log, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, errs.New(errs.Usage, "read frames: %w", err)
		}
		defer f.Close()
		data, err := io.ReadAll(io.LimitReader(f, logLimit+1))
		switch {
		case err != nil:
			return nil, errs.New(errs.BadInput, "read frames: %w", err)
		case len(data) > logLimit:
			return nil, errs.New(errs.BadInput, "read frames: %s is larger than %d MiB", path, logLimit>>20)
		}
		log, err := framelog.Parse(data)
		if bad, ok := errors.AsType[*framelog.LineError](err); ok {
			return nil, errs.New(errs.BadInput, "%s:%d: %w", path, bad.Line, bad.Err)
		}
		if err != nil {
			return nil, errs.New(errs.BadInput, "%s: %w", path, err).
				WithHint("candump -l or -L, Vector .asc and PEAK .trc logs are read")
		}
		return log, nil
	})
}
