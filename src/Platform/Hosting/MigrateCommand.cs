using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Platform.Hosting;

/// <summary><c>Host migrate</c>: roles, schemas and tables as an admin, then the end.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, cancel) =>
        {
            cancel.Cancel = true;
            stop.Cancel();
        };
        var startup = services.GetRequiredService<DatabaseStartup>();
        try
        {
            await startup.StartServerAsync(stop.Token);
            await services.GetRequiredService<SchemaMigrator>().MigrateAsync(stop.Token);
            return 0;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("The migration failed and can be run again: " + (StartFailedException.Explain(exception) ?? exception.Message));
            return 1;
        }
        finally
        {
            await startup.StoppedAsync(CancellationToken.None);
        }
    }
}
