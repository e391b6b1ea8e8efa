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
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.PriceLists;

internal sealed record DeletePriceList(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeletePriceListValidator : AbstractValidator<DeletePriceList>
{
    public DeletePriceListValidator() => RuleFor(command => command.Code).NotEmpty().MaximumLength(Codes.Longest).NoNul();
}

internal sealed class DeletePriceListEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/price-lists/{code}", static async (string code, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeletePriceList(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            rules.Forget();
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("DeletePriceList").WithSummary("Deletes a price list with its prices. Quotes that were made with it stay as they are.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class DeletePriceListHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<DeletePriceList, Unit>
{
    public async Task<Unit> Handle(DeletePriceList request, CancellationToken cancellationToken)
    {
        var list = await PriceList.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("price list", request.Code);
        EntityTags.Check(request.ExpectedVersion, list.Version);
        session.Documents.Delete(list);
        session.Documents.QueueSqlCommand(PriceListTables.RemoveAll, list.Id, list.Id, list.Currency, time.GetUtcNow());
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return Unit.Value;
    }
}
