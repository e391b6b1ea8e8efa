using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>Has the ledger compared with what the provider reports of a time. It is done in the background: the provider is asked page by page.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment after the last, at most 31 days later and at most a day ahead.</param>
internal sealed record StartReconciliation(DateTimeOffset From, DateTimeOffset To) : ICommand<ReconciliationView>;

internal sealed class StartReconciliationValidator : AbstractValidator<StartReconciliation>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public StartReconciliationValidator(TimeProvider time)
    {
        RuleFor(command => command.From).GreaterThan(DateTimeOffset.UnixEpoch).WithMessage("Name the first moment.");
        RuleFor(command => command.To).Must(static (command, to) => to > command.From && to - command.From <= Longest).WithMessage("to is later than from, by at most 31 days.")
            .Must(to => to <= time.GetUtcNow().AddDays(1)).WithMessage("to is at most a day ahead.");
    }
}

internal sealed class StartReconciliationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/reconciliations", static async (StartReconciliation body, ISender sender, CancellationToken cancellationToken) =>
        {
            var started = await sender.Send(body, cancellationToken);
            return Results.Accepted("/api/ledger/reconciliations/" + started.Id, started);
        })
        .RequirePermission("ledger:reconcile")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("StartReconciliation")
        .WithSummary("Compares the ledger with what the provider reports of a time. The answer's Location says how far it is.")
        .Produces<ReconciliationView>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class StartReconciliationHandler(IModuleSession<ILedgerStore> session, TimeProvider time) : IRequestHandler<StartReconciliation, ReconciliationView>
{
    public Task<ReconciliationView> Handle(StartReconciliation request, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationView.Of(Start(session, request.From, request.To, time.GetUtcNow())));

    public static Reconciliation Start(IModuleSession<ILedgerStore> session, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var started = new Reconciliation { Id = Guid.CreateVersion7(now), From = from.ToUniversalTime(), To = to.ToUniversalTime(), Status = ReconciliationStatus.Running, StartedAt = now };
        session.Documents.Insert(started);
        session.Schedule(started.Id, now, new RunReconciliation(started.Id));
        return started;
    }
}
