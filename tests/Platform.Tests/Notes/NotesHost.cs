using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Platform.Tests.Notes;

public sealed class NotesHost : IAsyncLifetime
{
    public ModuleHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();
}
