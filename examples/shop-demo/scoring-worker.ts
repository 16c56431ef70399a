// The module of the thread that computes scores: all of it comes from Rapport.
import '@rapport/core/scoring/worker'
