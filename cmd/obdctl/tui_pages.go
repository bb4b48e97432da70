package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen/codes"
	"github.com/fleetms/obdctl/tui/screen/connect"
	"github.com/fleetms/obdctl/tui/screen/console"
	"github.com/fleetms/obdctl/tui/screen/freeze"
	"github.com/fleetms/obdctl/tui/screen/garage"
	"github.com/fleetms/obdctl/tui/screen/history"
	"github.com/fleetms/obdctl/tui/screen/info"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/overview"
	"github.com/fleetms/obdctl/tui/screen/settings"
	"github.com/fleetms/obdctl/tui/screen/trips"
)

// pages are the screens of the workstation in their order, each with the interfaces that it asks for.
func (b *bay) pages(ctx context.Context) []tui.Page {
	return []tui.Page{
		{Key: "1", Group: tui.Car, Screen: connect.New(ctx, b, b.firstAddress())},
		{Key: "2", Group: tui.Car, Screen: garage.New(ctx, b)},
		{Key: "3", Group: tui.Car, Screen: overview.New(ctx, b)},
		{Key: "4", Group: tui.Car, Screen: codes.New(ctx, b)},
		{Group: tui.Car, Screen: freeze.New()},
		{Group: tui.Car, Screen: info.New()},
		{Key: "5", Group: tui.Car, Screen: live.New(ctx, b)},
		{Group: tui.Car, Screen: console.New(ctx, b)},
		{Key: "8", Group: tui.Kept, Screen: history.New(ctx, b)},
		{Group: tui.Kept, Screen: trips.New(b)},
		{Key: "0", Group: tui.Desk, Screen: settings.New(ctx, b.desk())},
	}
}

// firstAddress is what is opened at once: an adapter that a person named, by flag or setting.
func (b *bay) firstAddress() string {
	if a := b.app.flags.adapter; a != "auto" {
		return a
	}
	return ""
}

// aboutVehicle is maker, model and year as far as they are known.
func aboutVehicle(maker, model string, year int) string {
	parts := []string{maker, model}
	if year > 0 {
		parts = append(parts, strconv.Itoa(year))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
