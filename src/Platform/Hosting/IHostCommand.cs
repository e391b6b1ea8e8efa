using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Hosting;

/// <summary>
/// Something that an operator has a host do once instead of serving: <c>Host create-admin …</c>. A module registers it as a scoped service; the database is there, and
/// nothing runs in the background.
/// </summary>
public interface IHostCommand
{
    /// <summary>The first word of the command line.</summary>
    string Name { get; }

    /// <summary>Does it. What the operator has to know is written to the console.</summary>
    /// <param name="arguments">What follows the name.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The process's exit code: 0, or another number after a failure that was explained.</returns>
    Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>Runs the command that the command line names, if it names one.</summary>
internal static class HostCommands
{
    public static async Task<int?> TryRunAsync(IServiceProvider services, string[] args)
    {
        await using var scope = services.CreateAsyncScope();
        if (args.Length == 0 || scope.ServiceProvider.GetServices<IHostCommand>().FirstOrDefault(command => command.Name == args[0]) is not { } command)
        {
            return null;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, cancel) =>
        {
            cancel.Cancel = true;
            stop.Cancel();
        };
        scope.ServiceProvider.GetRequiredService<AuditScope>().Enter("command " + command.Name);
        services.GetRequiredService<CurrentModule>().Enter(services.GetRequiredService<ModuleCatalog>().OwnerOf(command.GetType().Assembly));
        var startup = services.GetRequiredService<DatabaseStartup>();
        try
        {
            await startup.StartServerAsync(stop.Token);
            return await command.RunAsync(args[1..], stop.Token);
        }
        finally
        {
            await startup.StoppedAsync(CancellationToken.None);
        }
    }
}
