/** API versions of the network resource provider that the REST face accepts beside azure-native's own. */
export const networkVersions = [
  "2023-09-01",
  "2023-11-01",
  "2024-01-01",
  "2024-03-01",
  "2024-07-01",
  "2024-10-01",
  "2025-01-01",
  "2025-03-01",
  "2025-05-01",
];
export const computeVersions = ["2023-09-01", "2024-03-01", "2024-07-01", "2025-04-01"];
export const dnsVersions = ["2018-05-01"];
