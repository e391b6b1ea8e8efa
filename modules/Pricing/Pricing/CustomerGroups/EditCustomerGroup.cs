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

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record CustomerGroupContent(string Title);

internal sealed record EditCustomerGroup(string Code, long? ExpectedVersion, CustomerGroupContent Content) : ICommand<CustomerGroupView>;

internal sealed class EditCustomerGroupValidator : AbstractValidator<EditCustomerGroup>
{
    public EditCustomerGroupValidator() => RuleFor(command => command.Content.Title).IsTitle().OverridePropertyName(nameof(CustomerGroupContent.Title));
}

internal sealed class EditCustomerGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/customer-groups/{code}", static async (string code, CustomerGroupContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var group = await sender.Send(new EditCustomerGroup(code, EntityTags.RequireIfMatch(http), body), cancellationToken);
            EntityTags.Write(http, group.Version);
            return Results.Ok(group);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("EditCustomerGroup").WithSummary("Gives a customer group another title.")
        .Produces<CustomerGroupView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class EditCustomerGroupHandler(IModuleSession<IPricingStore> session) : IRequestHandler<EditCustomerGroup, CustomerGroupView>
{
    public async Task<CustomerGroupView> Handle(EditCustomerGroup request, CancellationToken cancellationToken)
    {
        var before = await CustomerGroup.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("customer group", request.Code);
        EntityTags.Check(request.ExpectedVersion, before.Version);
        var after = before with { Title = request.Content.Title };
        session.Documents.UpdateRevision(after, before.Version + 1);
        return CustomerGroupView.Of(after, before.Version + 1);
    }
}
