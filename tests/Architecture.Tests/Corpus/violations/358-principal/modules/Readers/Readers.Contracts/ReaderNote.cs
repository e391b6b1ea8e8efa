namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
/// <param name="Who">Who wrote it.</param>
public sealed record ReaderNotes(System.Security.Claims.ClaimsPrincipal Who); // finds: contracts-hold-no-behaviour ""
