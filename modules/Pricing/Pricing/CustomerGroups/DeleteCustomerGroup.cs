using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record DeleteCustomerGroup(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeleteCustomerGroupValidator : AbstractValidator<DeleteCustomerGroup>
{
    public DeleteCustomerGroupValidator() => RuleFor(command => command.Code).NotEmpty().MaximumLength(Codes.Longest).NoNul();
}

internal sealed class DeleteCustomerGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/customer-groups/{code}", static async (string code, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteCustomerGroup(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            rules.Forget();
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("DeleteCustomerGroup")
        .WithSummary("Deletes a customer group with its members. One that a price list or a tax exemption names stays.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class DeleteCustomerGroupHandler(IModuleSession<IPricingStore> session) : IRequestHandler<DeleteCustomerGroup, Unit>
{
    public async Task<Unit> Handle(DeleteCustomerGroup request, CancellationToken cancellationToken)
    {
        var code = request.Code;
        var group = await CustomerGroup.FindAsync(session.Documents, code, cancellationToken) ?? throw ProblemException.NotFound("customer group", code);
        EntityTags.Check(request.ExpectedVersion, group.Version);
        if (await session.Documents.Query<PriceList>().Where(list => list.CustomerGroup == code).AnyAsync(cancellationToken)
            || await session.Documents.Query<TaxExemption>().Where(exemption => exemption.CustomerGroup == code).AnyAsync(cancellationToken))
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"A price list or a tax exemption is for the customer group '{code}'. Change or delete that first.");
        }

        session.Documents.Delete(group);
        session.Documents.QueueSqlCommand("delete from customer_group_member where group_code = ?", code);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return Unit.Value;
    }
}
