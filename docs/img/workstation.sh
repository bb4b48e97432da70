#!/usr/bin/env bash
# Draws the README's pictures of the workstation from the real program: it runs in a terminal of its own (tmux), is
# driven by keys, and what the terminal shows is captured with its colours and turned into PNG by freeze and
# rsvg-convert (Debian: tmux, librsvg2-bin, fonts-dejavu-core).
#
#	docs/img/workstation.sh PROGRAM FREEZE FOLDER
set -euo pipefail
program=$(realpath "$1") freeze=$2 folder=$3
work=$(mktemp -d)
t() { tmux -S "$work/s" "$@"; }
trap 't kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

wait_for() { # text that must appear
	for _ in $(seq 300); do
		if t capture-pane -p | grep -qF -- "$1"; then return; fi
		read -rt 0.1 <> <(:) || true
	done
	echo "the workstation never showed: $1" >&2
	t capture-pane -p >&2
	return 1
}

shoot() { # name
	t capture-pane -e -p >"$work/$1.ansi"
	"$freeze" "$work/$1.ansi" --language ansi --theme charm --background '#101418' --padding 16 --font.size 13 \
		--line-height 1.25 --font.family 'DejaVu Sans Mono' -o "$work/$1.svg" >/dev/null
	rsvg-convert --width 1400 "$work/$1.svg" -o "$folder/$1.png"
}

t -f /dev/null new-session -d -x 104 -y 34 env LANG=C.UTF-8 TZ=UTC COLORTERM=truecolor TERM=xterm-256color \
	HOME="$work" XDG_CONFIG_HOME="$work" XDG_STATE_HOME="$work" XDG_DATA_HOME="$work" \
	"$program" --adapter sim:petrol-misfire tui --theme dark
wait_for 'Worth a look'
wait_for '12 of 12'
until ! t capture-pane -p | grep -q '12 of 12'; do read -rt 0.1 <> <(:) || true; done
shoot tui-overview
t send-keys 4
wait_for 'P0301'
t send-keys Enter
shoot tui-codes
t send-keys 5
wait_for 'Engine speed'
t send-keys v # gauges: the font has no braille, which plots are drawn with
for _ in $(seq 150); do read -rt 0.1 <> <(:) || true; done # values come and go for a while
shoot tui-live
t send-keys q
