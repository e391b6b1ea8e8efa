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

/// <summary>Somebody has looked into a drift, so that it raises no alarm any more. The ledger stays as it is.</summary>
internal sealed record AcknowledgeDrift(Guid ReconciliationId, string Note) : ICommand<ReconciliationView>;

internal sealed record AcknowledgeDriftBody(string Note);

internal sealed class AcknowledgeDriftValidator : AbstractValidator<AcknowledgeDrift>
{
    public AcknowledgeDriftValidator() => RuleFor(command => command.Note).NotEmpty().MaximumLength(2_000).NoNul();
}

internal sealed class AcknowledgeDriftEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/reconciliations/{id:guid}/acknowledge", static async (Guid id, AcknowledgeDriftBody body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new AcknowledgeDrift(id, body.Note), cancellationToken)))
        .RequirePermission("ledger:reconcile")
        .SupportsDryRun()
        .WithName("AcknowledgeDrift")
        .WithSummary("Notes what was found out about a drift, which raises no alarm any more. Repeating it answers the first note.")
        .Produces<ReconciliationView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class AcknowledgeDriftHandler(IModuleSession<ILedgerStore> session, ICaller caller, TimeProvider time) : IRequestHandler<AcknowledgeDrift, ReconciliationView>
{
    public async Task<ReconciliationView> Handle(AcknowledgeDrift request, CancellationToken cancellationToken)
    {
        var reconciliation = await session.Documents.LoadAsync<Reconciliation>(request.ReconciliationId, cancellationToken) ?? throw ProblemException.NotFound("reconciliation", request.ReconciliationId);
        if (reconciliation.Status != ReconciliationStatus.Drift)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The reconciliation found no drift, so there is nothing to acknowledge.");
        }

        if (reconciliation.Acknowledged is null)
        {
            reconciliation.Acknowledged = new Acknowledgement(caller.RequireSubject(), time.GetUtcNow(), request.Note);
            session.Documents.UpdateRevision(reconciliation, reconciliation.Version + 1);
        }

        return ReconciliationView.Of(reconciliation);
    }
}
