namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
public static class ReaderNotes
{
    /// <summary>Counts.</summary>
    public static bool Has(IServiceProvider services) => services.GetService(typeof(string)) is not null; // finds: no-service-location ""
}
