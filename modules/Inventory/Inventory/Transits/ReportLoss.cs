using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Transits;

/// <summary>Goods that were on their way will not arrive.</summary>
[RetryOnConflict]
internal sealed record ReportLoss(Guid TransitId, IReadOnlyList<StockLine> Lines, string Reason) : ICommand<Versioned<TransitView>>;

internal sealed record ReportLossBody(IReadOnlyList<StockLine> Lines, string Reason);

internal sealed class ReportLossValidator : AbstractValidator<ReportLoss>
{
    public ReportLossValidator()
    {
        RuleFor(command => command.Lines).AreLines();
        RuleFor(command => command.Reason).Must(static reason => !string.IsNullOrWhiteSpace(reason)).WithMessage("Say what became of the goods.").IsNote();
    }
}

internal sealed class ReportLossEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/transits/{id:guid}/losses", static async (Guid id, ReportLossBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var transit = await sender.Send(new ReportLoss(id, body.Lines, body.Reason), cancellationToken);
            EntityTags.Write(http, transit.Version);
            return Results.Ok(transit.View);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("ReportLoss")
        .WithSummary("Notes that goods on their way were lost, with the reason.")
        .Produces<TransitView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class ReportLossHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<ReportLoss, Versioned<TransitView>>
{
    public async Task<Versioned<TransitView>> Handle(ReportLoss request, CancellationToken cancellationToken)
    {
        var transit = await session.Documents.LoadAsync<StockTransit>(request.TransitId, cancellationToken) ?? throw ProblemException.NotFound("transfer", request.TransitId);
        var now = time.GetUtcNow();
        transit.Settle(request.Lines, TransitAction.Lose, now);
        transit.Losses = [.. transit.Losses, .. request.Lines.Select(line => new TransitLoss(line.Sku, line.Quantity, request.Reason, now))];
        session.Documents.UpdateRevision(transit, transit.Version + 1);
        return TransitView.Of(transit, transit.Version + 1);
    }
}
