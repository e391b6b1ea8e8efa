using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>One statement of the daemon's own.</summary>
internal sealed class DaemonStatement(string sql, NpgsqlParameter? parameter = null) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(sql);
        if (parameter is not null)
            command.Parameters.Add(parameter);
    }
}

/// <summary>Builds one projection anew from all events, while events may be appended.</summary>
internal sealed class ProjectionRebuild(DaemonContext context, ProjectionRegistration registration)
{
    /// <summary>Builds everything anew, or what belongs to one tenant.</summary>
    public async Task RunAsync(string? tenantId, CancellationToken token)
    {
        var snapshot = registration as AggregateRegistration;
        var isOfOneStream = snapshot is { IsMultiStream: false };
        if (tenantId is not null && (!isOfOneStream || snapshot!.IsGlobal || !context.Store.Options.EventGraph.Sql.IsConjoined))
            throw new InvalidOperationException($"'{registration.Name}' cannot be rebuilt for one tenant: its documents are not those of single streams, or tenants are not kept apart. Rebuild it for all.");
        if (isOfOneStream && (tenantId is not null || snapshot!.IsInlineSnapshot))
        {
            await new SnapshotRebuild(context.Store, snapshot!).RunAllAsync(tenantId, token);
            return;
        }

        var ceiling = context.Tracker.HighWaterMark;
        await TearDownAsync(token);
        using var agent = new ShardAgent(context, registration, ShardExecutionMode.Rebuild);
        await agent.RunToAsync(ceiling, token);
        if (registration.Lifecycle == ProjectionLifecycle.Inline)
            await context.ResetAsync(registration.Shard, 0, token);
    }

    // The progress goes first: another process that runs the shard holds that row while it saves a page. When its page is saved
    // first, the deletions see it; otherwise its page finds no progress and is rolled back.
    private async Task TearDownAsync(CancellationToken token)
    {
        await using var session = context.OpenSession(false);
        foreach (var shard in registration.Parts.Prepend(registration).Select(r => r.Shard))
            session.QueueOperation(new DaemonStatement(context.Sql.Forget, EventParameters.Value(shard.Identity, NpgsqlDbType.Varchar)));
        if (registration.Async.TeardownDataOnRebuild)
        {
            var options = context.Store.Options;
            foreach (var type in registration.WrittenTypes)
            {
                await context.Store.Database.EnsureAsync(type, token);
                Marten.Storage.AllTenants.Queue(session, options.MappingFor(type), new DaemonStatement($"delete from {options.MappingFor(type).QualifiedTableName}"));
            }

            foreach (var table in registration.WrittenTables.Concat(registration.Async.DeletedTables.Select(Quoted)))
                session.QueueOperation(new DaemonStatement($"delete from {table}"));
        }

        if (context.Settings.HasAnyAsyncProjections())
        {
            var name = registration.Name;
            session.DeleteWhere<DeadLetterEvent>(d => d.ProjectionName == name);
        }

        await session.SaveChangesAsync(token);
    }

    private static string Quoted(string table) => string.Join('.', table.Split('.').Select(Identifiers.Quote));
}
