package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

const needsKey = "give --key-command or --key-hex; this program knows no keys and guesses none"

// keys is the person's own source of keys, nil where none is named.
func (x *expert) keys() (uds.KeySource, error) {
	switch {
	case x.keyHex != "" && x.keyCommand != "":
		return nil, errs.New(errs.Usage, "give either --key-hex or --key-command")
	case x.keyHex != "":
		key, err := hexBytes("--key-hex", x.keyHex)
		return fixedKey(key), err
	case x.keyCommand != "":
		return keyProgram(x.keyCommand), nil
	case x.level != "":
		return nil, errs.New(errs.Usage, "a security level needs a key").WithHint("%s", needsKey)
	}
	return nil, nil
}

// fixedKey answers every seed with the same key.
type fixedKey []byte

func (k fixedKey) Key(context.Context, obd.Address, byte, []byte) ([]byte, error) { return k, nil }

// keyProgram runs a program with the control unit, the level and the seed as arguments; it prints the key.
type keyProgram string

func (p keyProgram) Key(ctx context.Context, ecu obd.Address, level byte, seed []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, string(p), ecu.String(), fmt.Sprintf("%02X", level), hexText(seed))
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", string(p), err)
	}
	key, err := hex.DecodeString(strings.Join(strings.Fields(string(out)), ""))
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("%s printed no key in hexadecimal", string(p))
	}
	return key, nil
}

func (x *expert) key() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key LEVEL",
		Short: "Open a security level (service 27) with a key of yours",
		Long: `key asks a control unit for the seed of a security level and answers it with a key that you provide, to see
whether the key is right. One try is made. A control unit that says "too many attempts" or "delay not
expired" is left alone.

LEVEL is the number of the seed, an odd hexadecimal byte. --key-command names a program that gets three arguments (address,
level, seed) and prints the key in hexadecimal.`,
		Example: "  obdctl uds key 01 --key-command ./mykey --ecu 7E8 --session 03 --i-know key",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			level, err := hexNumber("LEVEL", args[0], 8)
			if err != nil {
				return err
			}
			keys, err := x.keys()
			if err != nil || keys == nil {
				return firstError(err, errs.New(errs.Usage, "a security level needs a key").WithHint("%s", needsKey))
			}
			return x.change(cmd.Context(), udsChange{
				word: "key", service: uds.SecurityAccess,
				consequences: "A wrong key counts as an attack: after a few the control unit locks itself for minutes or until the ignition was off.",
			}, func(_ *session, d *diag.Dialogue) error {
				last, err := d.Unlock(cmd.Context(), byte(level), keys)
				if err != nil {
					return noAnswer(err)
				}
				return x.show(uds.SendKey(byte(level), nil), []diag.Answer{last})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&x.session, "session", "", "open this session first (hexadecimal, such as 03)")
	f.StringVar(&x.keyCommand, "key-command", "", "a `PROGRAM` that is given ECU, level and seed and prints the key")
	f.StringVar(&x.keyHex, "key-hex", "", "the `KEY`, where the seed is always the same")
	return cmd
}
