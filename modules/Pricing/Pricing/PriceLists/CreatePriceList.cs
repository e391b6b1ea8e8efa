using System.Text.Json;
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
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.PriceLists;

/// <param name="Code">The code by which it is named.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Currency">ISO 4217; it cannot be changed later.</param>
/// <param name="CustomerGroup">The group whose members it is for; left out for everybody.</param>
/// <param name="StartsAt">From when on it counts; left out for always.</param>
/// <param name="EndsAt">Until when it counts; left out for ever.</param>
/// <param name="Priority">Of several lists the one with the highest number counts.</param>
internal sealed record CreatePriceList(
    string Code, string Title, string Currency, string? CustomerGroup = null, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null, int Priority = 0) : ICommand<PriceListView>;

internal sealed class CreatePriceListValidator : AbstractValidator<CreatePriceList>
{
    public CreatePriceListValidator()
    {
        RuleFor(command => command.Code).NotNull().IsCode();
        RuleFor(command => command.Currency).Must(Money.IsCurrencyCode).WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
        RuleFor(command => new PriceListContent(command.Title, command.CustomerGroup, command.StartsAt, command.EndsAt, command.Priority))
            .SetValidator(new PriceListContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreatePriceListEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/price-lists", static async (CreatePriceList body, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var list = await sender.Send(body, cancellationToken);
            rules.Forget();
            EntityTags.Write(http, list.Version);
            return Results.Created("/api/pricing/price-lists/" + list.Code, list);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("CreatePriceList").WithSummary("Creates a price list without prices.")
        .WithDescription("A list takes the place of the catalogue's prices for the variants that it has. It counts from its start to its end by itself.")
        .Produces<PriceListView>(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class CreatePriceListHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<CreatePriceList, PriceListView>
{
    public async Task<PriceListView> Handle(CreatePriceList request, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<PriceList>(request.Code, cancellationToken) is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a price list '{request.Code}' already. Choose another code, or use that one.");
        }

        if (await session.Documents.Query<PriceList>().CountAsync(cancellationToken) >= PriceList.MaximumCount)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {PriceList.MaximumCount} price lists already. Delete those that are over.");
        }

        await CustomerGroup.RequireAsync(session.Documents, request.CustomerGroup, cancellationToken);
        var list = new PriceList
        {
            Id = request.Code,
            Title = request.Title,
            Currency = request.Currency,
            CustomerGroup = request.CustomerGroup,
            StartsAt = request.StartsAt?.ToUniversalTime(),
            EndsAt = request.EndsAt?.ToUniversalTime(),
            Priority = request.Priority,
        };
        session.Documents.Insert(list);
        PriceListChanges.Record(session.Documents, list, time.GetUtcNow());
        return PriceListView.Of(list, 1);
    }
}

internal static class PriceListChanges
{
    /// <summary>Queues what a new or changed list needs besides its document.</summary>
    public static void Record(IDocumentSession session, PriceList list, DateTimeOffset now)
    {
        session.QueueSqlCommand(PriceListTables.RecordChange, JsonSerializer.Serialize(new
        {
            price_list = list.Id,
            changed_at = now,
            starts_at = list.StartsAt,
            ends_at = list.EndsAt,
            customer_group = list.CustomerGroup,
            priority = list.Priority,
        }));
        session.QueueSqlCommand(RuleBook.Raise);
    }
}
