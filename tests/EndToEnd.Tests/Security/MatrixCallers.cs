namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>The kinds of callers of the matrix.</summary>
internal sealed class MatrixCallers : IAsyncDisposable
{
    private readonly Dictionary<string, Api> _clients;

    private MatrixCallers(Dictionary<string, Api> clients) => _clients = clients;

    public Api this[string kind] => _clients[kind];

    public static async Task<MatrixCallers> CreateAsync(Callers callers) => new(new Dictionary<string, Api>(StringComparer.Ordinal)
    {
        ["anonymous"] = callers.Anonymous(),
        ["customer"] = await callers.CustomerAsync(),
        ["other"] = await callers.CustomerAsync(),
        ["clerk"] = await callers.ClerkAsync(),
        ["admin"] = callers.Admin(),
        ["key"] = await callers.ApiKeyAsync("inventory:read"),
    });

    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
