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

namespace ModularMonolith.Pricing.Taxes;

/// <param name="Reason">As it is printed on invoices.</param>
/// <param name="Subject">The customer; either this or the group.</param>
/// <param name="CustomerGroup">The group; either this or the customer.</param>
/// <param name="Country">The country where it holds; left out for everywhere.</param>
/// <param name="IsReverseCharge">Whether the customer accounts for the tax.</param>
/// <param name="From">From when on it holds; left out for always.</param>
/// <param name="To">Until when it holds; left out for ever.</param>
internal sealed record CreateTaxExemption(
    string Reason, string? Subject = null, string? CustomerGroup = null, string? Country = null, bool IsReverseCharge = false, DateTimeOffset? From = null, DateTimeOffset? To = null)
    : ICommand<TaxExemptionView>;

internal sealed class CreateTaxExemptionValidator : AbstractValidator<CreateTaxExemption>
{
    public CreateTaxExemptionValidator()
    {
        RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
        RuleFor(command => command.Subject).Length(1, CustomerGroups.CustomerGroup.LongestSubject).NoNul()
            .Must(static (command, subject) => subject is null != command.CustomerGroup is null).WithMessage("Name either a subject or a customerGroup.");
        RuleFor(command => command.CustomerGroup).IsCode();
        RuleFor(command => command.Country).Must(static country => country is null || TaxRules.IsCountry(country)).WithMessage("A country is two upper-case letters as in ISO 3166-1, for example DE.");
        RuleFor(command => command.To).Must(static (command, to) => !(to <= command.From)).WithMessage("The exemption would be over before it begins.");
    }
}

internal sealed class CreateTaxExemptionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/tax-exemptions", static async (CreateTaxExemption body, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var exemption = await sender.Send(body, cancellationToken);
            rules.Forget();
            return Results.Created("/api/pricing/tax-exemptions/" + exemption.Id, exemption);
        })
        .RequirePermission("pricing:manage").RequireIdempotencyKey().SupportsDryRun().WithName("CreateTaxExemption").WithSummary("Exempts a customer or a customer group from tax.")
        .Produces<TaxExemptionView>(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class CreateTaxExemptionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<CreateTaxExemption, TaxExemptionView>
{
    public async Task<TaxExemptionView> Handle(CreateTaxExemption request, CancellationToken cancellationToken)
    {
        if (request.CustomerGroup is not null)
        {
            await CustomerGroups.CustomerGroup.RequireAsync(session.Documents, request.CustomerGroup, cancellationToken);
            if (await session.Documents.Query<TaxExemption>().Where(exemption => exemption.Subject == null).CountAsync(cancellationToken) >= TaxExemption.MaximumOfGroups)
            {
                throw new ProblemException(ProblemTypes.IllegalState, $"There are {TaxExemption.MaximumOfGroups} exemptions of customer groups already. Delete those that are over.");
            }
        }

        var now = time.GetUtcNow();
        var exemption = new TaxExemption
        {
            Id = Guid.CreateVersion7(now),
            Subject = request.Subject,
            CustomerGroup = request.CustomerGroup,
            Country = request.Country,
            Reason = request.Reason,
            IsReverseCharge = request.IsReverseCharge,
            From = request.From?.ToUniversalTime(),
            To = request.To?.ToUniversalTime(),
            CreatedAt = now,
        };
        session.Documents.Insert(exemption);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return TaxExemptionView.Of(exemption);
    }
}
