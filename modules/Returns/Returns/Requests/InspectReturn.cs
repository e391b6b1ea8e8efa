using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

[RetryOnConflict]
internal sealed record InspectReturn(Guid ReturnId, Inspection Inspection) : ICommand<Versioned<ReturnView>>;

/// <summary>What an inspector finds and decides.</summary>
/// <param name="Lines">What came back; a variant may stand there once for each condition. What did not come can be returned later.</param>
/// <param name="Deduction">What is held back of the refund; in the order's currency.</param>
/// <param name="RefundsShipping">Whether the shipping is paid back too.</param>
/// <param name="Location">The code of the location where the goods are now; the default location without it.</param>
internal sealed record Inspection(IReadOnlyList<InspectedLine> Lines, Money? Deduction = null, bool RefundsShipping = false, string? Location = null);

internal sealed class InspectionValidator : AbstractValidator<Inspection>
{
    private const int MostLines = 1_000;
    private const int HighestQuantity = 1_000_000_000;
    private const int LongestNote = 500;

    public InspectionValidator()
    {
        RuleFor(inspection => inspection.Lines).Must(static lines => lines.Count is >= 1 and <= MostLines).WithMessage($"An inspection has 1 to {MostLines} lines.");
        RuleForEach(inspection => inspection.Lines).NotNull().ChildRules(static line =>
        {
            line.RuleFor(inspected => inspected.Quantity).InclusiveBetween(1, HighestQuantity);
            line.RuleFor(inspected => inspected.Condition).IsInEnum();
            line.RuleFor(inspected => inspected.Disposition).IsInEnum();
            line.RuleFor(inspected => inspected.IsRefunded).Must(static (inspected, isRefunded) => isRefunded
                    ? inspected.Disposition != GoodsDisposition.SendBack
                    : inspected.IsExchanged || inspected.Disposition != GoodsDisposition.Restock)
                .WithMessage("What is sent back to the customer is not refunded, and what is sold again is refunded or exchanged.");
            line.RuleFor(inspected => inspected.IsExchanged).Must(static (inspected, isExchanged) => !isExchanged || inspected is { IsRefunded: false, Disposition: not GoodsDisposition.SendBack })
                .WithMessage("What is exchanged is neither refunded nor sent back to the customer.");
            line.RuleFor(inspected => inspected.Note).MaximumLength(LongestNote).NoNul();
        });
        RuleFor(inspection => inspection.Deduction).Must(static deduction => deduction is null or { Amount: >= 0 }).WithMessage("A deduction is not negative.");
        RuleFor(inspection => inspection.Location).Matches(@"\A[a-z0-9][a-z0-9-]{0,29}\z").WithMessage("A location's code is 1 to 30 lower-case letters, digits and hyphens and starts with a letter or digit.");
    }
}

internal sealed class InspectReturnValidator : AbstractValidator<InspectReturn>
{
    public InspectReturnValidator() => RuleFor(command => command.Inspection).SetValidator(new InspectionValidator()).OverridePropertyName(string.Empty);
}

internal sealed class InspectReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/inspect", static async (Guid id, Inspection body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new InspectReturn(id, body), cancellationToken)).Changed(http))
        .RequirePermission("returns:manage")
        .SupportsDryRun()
        .WithName("InspectReturn")
        .WithSummary("Decides, once, what becomes of received goods and of their money: what can be sold again is put back into stock, what is refunded is paid back by the order, and what is exchanged is sent by it.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class InspectReturnHandler(IModuleSession<IReturnsStore> session, ReturnDesk desk, TimeProvider time) : IRequestHandler<InspectReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(InspectReturn request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        ReturnTransitions.Next(open.Return.Status, ReturnAction.Inspect);
        Refuse(open.Return, request.Inspection);

        var inspection = request.Inspection;
        var inspected = new ReturnInspected(inspection.Lines, inspection.Deduction, inspection.RefundsShipping, inspection.Location, time.GetUtcNow());
        open.Stream.AppendOne(inspected);
        open.Return.Apply(inspected);
        var claims = await OrderReturns.LoadAsync(session.Documents, open.Return.OrderId, cancellationToken);
        claims.Write(session.Documents, open.Return.Id, inspection.Lines.Select(line => new ReturnClaim(open.Return.Id, line.VariantId, line.Quantity, line.Disposition != GoodsDisposition.SendBack)));
        if (Restocked(open.Return, inspection) is { Lines.Count: > 0 } restocked)
        {
            session.Publish(restocked);
        }

        if (open.Return.ToGoodsReturned() is { } returned)
        {
            session.Publish(returned);
        }
        else
        {
            desk.Settle(open, new ReturnSettled(null, time.GetUtcNow()));
        }

        return open.View();
    }

    private static GoodsRestocked Restocked(Return found, Inspection inspection)
    {
        var skus = found.Lines.ToDictionary(static line => line.VariantId, static line => line.Sku);
        var lines = inspection.Lines.Where(static line => line.Disposition == GoodsDisposition.Restock)
            .GroupBy(line => skus[line.VariantId], StringComparer.Ordinal).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity)));
        return new GoodsRestocked(found.Id, found.OrderId.ToString(), inspection.Location, [.. lines]);
    }

    private static void Refuse(Return found, Inspection inspection)
    {
        if (inspection.Deduction is { } deduction && deduction.Currency != found.Currency)
        {
            throw new ProblemException(ProblemTypes.Validation, $"The order was paid in {found.Currency}, so the deduction is in {found.Currency} too.")
                .With("errors", new[] { new FieldError("#/deduction/currency", $"The currency is {found.Currency}.") });
        }

        var notAsked = inspection.Lines.Where(line => line.IsExchanged && found.Lines.FirstOrDefault(requested => requested.VariantId == line.VariantId) is not { Exchange: not null })
            .Select(static line => new { line.VariantId, Reason = "Nothing was asked for in exchange." }).ToList();
        if (notAsked.Count > 0)
        {
            throw new ProblemException(ReturnsProblems.ExchangeNotPossible, $"Nobody has asked for an exchange of {notAsked.Count} line(s). Refund them.").With("lines", notAsked);
        }

        var requested = found.Lines.ToDictionary(static line => line.VariantId, static line => line.Quantity);
        var tooMany = inspection.Lines.GroupBy(static line => line.VariantId)
            .Select(group => new { VariantId = group.Key, Inspected = group.Sum(static line => (long)line.Quantity), Requested = requested.GetValueOrDefault(group.Key) })
            .Where(static line => line.Inspected > line.Requested).ToList();
        if (tooMany.Count > 0)
        {
            throw new ProblemException(ReturnsProblems.MoreThanRequested, $"{tooMany.Count} line(s) have more than the return. Inspect what belongs to it, and ask for another return for the rest.").With("lines", tooMany);
        }
    }
}
