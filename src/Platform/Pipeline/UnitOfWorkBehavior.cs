using System.Reflection;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Timers;
using Npgsql;

namespace ModularMonolith.Platform.Pipeline;

/// <summary>One command, one session, one SaveChanges. A lost race is tried again where the command says that it may be.</summary>
internal sealed partial class UnitOfWorkBehavior<TRequest, TResponse>(
    IServiceProvider services, ModuleCatalog modules, ActiveUnitsOfWork active, IdempotencyScope idempotency, DryRun dryRun, CommitStatement commit, TimeProvider time,
    ILogger<UnitOfWorkBehavior<TRequest, TResponse>> logger) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : ICommand<TResponse>
{
    private static readonly string Operation = typeof(TRequest).Name;
    private static readonly bool LooksFirst = !typeof(TRequest).IsDefined(typeof(RepetitionIsRareAttribute), inherit: false);
    private static readonly int Attempts = typeof(TRequest).GetCustomAttribute<RetryOnConflictAttribute>()?.Attempts ?? 1;

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (modules.OwnerOf(typeof(TRequest).Assembly) is not { } module)
        {
            // The module is elsewhere; whoever answers for it here saves its own work.
            return await next();
        }

        // A dry run has no answer that could be repeated, and neither finds nor uses up a key.
        var replay = active.IsIdle && !dryRun.IsOn ? idempotency.Take() : null;
        var statement = active.IsIdle ? commit.Take() : null;
        using var entered = active.Enter(module);
        var unitOfWork = services.GetRequiredKeyedService<IUnitOfWork>(module.Name);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    unitOfWork.MayBorrow = attempt == 1 && Attempts > 1;
                    if (dryRun.IsOn)
                    {
                        return await RehearseAsync(module, unitOfWork, next, cancellationToken);
                    }

                    return replay is null
                        ? await RunAsync(unitOfWork, next, statement, cancellationToken)
                        : await RunOnceAsync(replay, request, unitOfWork, next, cancellationToken);
                }
                catch (Exception) when (unitOfWork.HasBorrowed && !cancellationToken.IsCancellationRequested)
                {
                    // It was decided on what this host had in memory. What counts is what is stored.
                    await unitOfWork.ResetAsync();
                }
                catch (Exception exception) when (Conflict.Find(exception))
                {
                    await unitOfWork.ResetAsync();
                    if (replay is not null && await replay.FindAsync<TRequest, TResponse>(request, unitOfWork.Documents, cancellationToken) is { } recorded)
                    {
                        return recorded.Response;
                    }

                    if (attempt >= Attempts)
                    {
                        throw new ProblemException(ProblemTypes.ConcurrentChange, "Somebody else changed the same data at the same moment. Read it again and repeat the request.", exception);
                    }

                    LogConflict(typeof(TRequest).Name, attempt, Attempts);
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 4 << Math.Min(attempt, 6))), time, cancellationToken);
                }
            }
        }
        finally
        {
            await unitOfWork.ResetAsync();
        }
    }

    private static async Task<TResponse> RunAsync(
        IUnitOfWork unitOfWork, RequestHandlerDelegate<TResponse> next, (string Sql, object[] Parameters)? statement, CancellationToken cancellationToken)
    {
        // First, because the handler may schedule or cancel under the id of the very timer that has fired.
        if (statement is var (sql, parameters))
        {
            unitOfWork.Documents.QueueSqlCommand(sql, parameters);
        }

        var response = await next();
        await unitOfWork.SaveAsync(Operation, null, cancellationToken);
        return response;
    }

    // Each module's part is rolled back by itself, also where one command sends another to another module.
    private async Task<TResponse> RehearseAsync(ModuleDescriptor module, IUnitOfWork unitOfWork, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<ModuleDataSources>().For(module).OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // What was read before the command came has opened a session that would commit.
        await unitOfWork.ResetAsync();
        unitOfWork.Rehearse(transaction);
        var response = await next();
        await unitOfWork.SaveAsync(Operation, null, cancellationToken);
        await unitOfWork.ResetAsync();
        // What is checked at the commit only.
        await using var check = new NpgsqlCommand("set constraints all immediate", connection, transaction);
        await check.ExecuteNonQueryAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return response;
    }

    private static async Task<TResponse> RunOnceAsync(
        IdempotentRequest replay, TRequest request, IUnitOfWork unitOfWork, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (LooksFirst && await replay.FindAsync<TRequest, TResponse>(request, unitOfWork.Documents, cancellationToken) is { } recorded)
        {
            return recorded.Response;
        }

        TResponse response;
        try
        {
            response = await next();
        }
        catch (ProblemException)
        {
            // The same request may have been committed before, and be why this one is refused.
            if (await replay.FindAsync<TRequest, TResponse>(request, unitOfWork.Documents, cancellationToken) is { } meanwhile)
            {
                return meanwhile.Response;
            }

            throw;
        }

        await unitOfWork.SaveAsync(Operation, session => replay.Record(request, response, session), cancellationToken);
        return response;
    }

    [LoggerMessage(LogLevel.Debug, "{Command} met a concurrent change (attempt {Attempt} of {Attempts}); it runs again.")]
    private partial void LogConflict(string command, int attempt, int attempts);
}
