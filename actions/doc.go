// Package actions is what the hands of AIPass share, whatever they do: the
// state that they keep between runs, and the metrics made of it. Each action is
// a package below.
//
// It holds no schedule and starts nothing.
package actions
