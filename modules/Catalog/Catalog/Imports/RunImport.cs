using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Imports a file that was accepted.</summary>
[Timer("run-import")]
internal sealed record RunImport(Guid ImportId) : ICommand;

internal sealed class RunImportHandler(IModuleSession<ICatalogStore> session, ImportParts parts, ProductImport import, TimeProvider time) : IRequestHandler<RunImport, Unit>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task<Unit> Handle(RunImport request, CancellationToken cancellationToken)
    {
        await using var query = session.Store.QuerySession();
        // The import has a transaction of its own: a host that dies behind it leaves a timer that fires once more, and finds it done.
        if (await query.LoadAsync<ImportReport>(request.ImportId, cancellationToken) is not { Status: ImportStatus.Accepted } accepted)
        {
            return Unit.Value;
        }

        try
        {
            await using var file = await parts.FindAsync(accepted.Id, cancellationToken) ?? throw new ProblemException(ImportProblems.Expired, "The file was kept for 7 days and is gone. Send it again.");
            var report = await import.RunAsync(file, accepted.Id, accepted.DryRun, cancellationToken);
            if (report.DryRun)
            {
                End(report);
            }
        }
        catch (ProblemException busy) when (busy.Type == ImportProblems.Running)
        {
            session.Schedule(accepted.Id, time.GetUtcNow() + Pause, request);
        }
        catch (ProblemException refused) when (refused.Type == ImportProblems.Refused || refused.Type == ImportProblems.Expired)
        {
            End(accepted with { Status = ImportStatus.Refused, CompletedAt = time.GetUtcNow(), Problem = ImportProblems.RefusalOf(refused) });
        }

        return Unit.Value;
    }

    private void End(ImportReport report)
    {
        session.Documents.Store(report);
        ImportParts.Remove(session.Documents, report.Id);
    }
}
