// Texts of the drawers "observation" and "intervention".

import type { Choice } from "../act-form.ts";

export const OBSERVATION = "Observation";
export const OBSERVED = "Taken.";
export const NOT_OBSERVED = "Observation not taken";
export const ALL_WELL = "No symptoms, MOAA/S 5";
export const SYMPTOMS = "Symptoms now";
export const SEDATION = "Sedation (MOAA/S)";
export const NOTE = "Note";
export const SEND_OBSERVATION = "Take observation";

export const INTERVENTION = "Intervention";
export const RECORDED = "Recorded.";
export const NOT_RECORDED = "Not recorded";
export const WHAT_DONE = "Drug, or what was done";
export const HOW_MUCH = "Dose, as written";
export const SEND_INTERVENTION = "Record";
export const OFTEN = "Often";

export const SYMPTOM_CHOICES: readonly Choice[] = [
  { value: "nausea", label: "Nausea" },
  { value: "dizziness", label: "Dizziness" },
  { value: "dissociation", label: "Dissociation" },
  { value: "headache", label: "Headache" },
  { value: "chest_pain", label: "Chest pain" },
  { value: "dyspnoea", label: "Short of breath" },
  { value: "visual", label: "Vision" },
  { value: "consciousness", label: "Consciousness" },
  { value: "focal_deficit", label: "Focal deficit" },
  { value: "seizure", label: "Seizure" },
  { value: "other", label: "Other (note)" },
];

export const MOAAS_CHOICES: readonly Choice[] = [
  { value: "5", label: "5 answers readily" },
  { value: "4", label: "4 slow to answer" },
  { value: "3", label: "3 only if called loudly" },
  { value: "2", label: "2 only if shaken gently" },
  { value: "1", label: "1 only if squeezed hard" },
  { value: "0", label: "0 no answer" },
];

/** What is often done and is no drug: no drug is suggested here. */
export const OFTEN_DONE: readonly string[] = [
  "Reassured",
  "Repositioned",
  "Oxygen",
  "Doctor called",
];
