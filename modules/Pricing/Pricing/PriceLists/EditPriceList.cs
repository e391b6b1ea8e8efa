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

/// <param name="Title">Its name for people.</param>
/// <param name="CustomerGroup">The group whose members it is for; left out for everybody.</param>
/// <param name="StartsAt">From when on it counts; left out for always.</param>
/// <param name="EndsAt">Until when it counts; left out for ever.</param>
/// <param name="Priority">Of several lists the one with the highest number counts.</param>
internal sealed record PriceListContent(string Title, string? CustomerGroup = null, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null, int Priority = 0);

internal sealed class PriceListContentValidator : AbstractValidator<PriceListContent>
{
    public PriceListContentValidator()
    {
        RuleFor(content => content.Title).IsTitle();
        RuleFor(content => content.CustomerGroup).IsCode();
        RuleFor(content => content.EndsAt).Must(static (content, end) => !(end <= content.StartsAt)).WithMessage("The list would be over before it begins.");
        RuleFor(content => content.Priority).InclusiveBetween(-1_000_000, 1_000_000);
    }
}

internal sealed record EditPriceList(string Code, long? ExpectedVersion, PriceListContent Content) : ICommand<PriceListView>;

internal sealed class EditPriceListValidator : AbstractValidator<EditPriceList>
{
    public EditPriceListValidator() => RuleFor(command => command.Content).SetValidator(new PriceListContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EditPriceListEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/price-lists/{code}", static async (string code, PriceListContent body, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var list = await sender.Send(new EditPriceList(code, EntityTags.RequireIfMatch(http), body), cancellationToken);
            rules.Forget();
            EntityTags.Write(http, list.Version);
            return Results.Ok(list);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("EditPriceList").WithSummary("Replaces what a price list says of itself. Its prices stay.")
        .Produces<PriceListView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
}

internal sealed class EditPriceListHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<EditPriceList, PriceListView>
{
    public async Task<PriceListView> Handle(EditPriceList request, CancellationToken cancellationToken)
    {
        var before = await PriceList.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("price list", request.Code);
        EntityTags.Check(request.ExpectedVersion, before.Version);
        await CustomerGroup.RequireAsync(session.Documents, request.Content.CustomerGroup, cancellationToken);
        var after = before with
        {
            Title = request.Content.Title,
            CustomerGroup = request.Content.CustomerGroup,
            StartsAt = request.Content.StartsAt?.ToUniversalTime(),
            EndsAt = request.Content.EndsAt?.ToUniversalTime(),
            Priority = request.Content.Priority,
        };
        session.Documents.UpdateRevision(after, before.Version + 1);
        PriceListChanges.Record(session.Documents, after, time.GetUtcNow());
        return PriceListView.Of(after, before.Version + 1);
    }
}
