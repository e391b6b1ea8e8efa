using FluentValidation;
using MediatR;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Variants;

internal sealed class GetVariantsBySkuValidator : AbstractValidator<GetVariantsBySku>
{
    public GetVariantsBySkuValidator()
    {
        RuleFor(query => query.Skus).Must(static skus => skus is { Count: <= 200 }).WithMessage("At most 200 SKUs can be asked for at once.");
        RuleForEach(query => query.Skus).NotNull().NoNul();
    }
}

internal sealed class GetVariantsBySkuHandler(CatalogDatabase database) : IRequestHandler<GetVariantsBySku, IReadOnlyList<VariantDetails>>
{
    public Task<IReadOnlyList<VariantDetails>> Handle(GetVariantsBySku request, CancellationToken cancellationToken) =>
        VariantEntries.FindAsync(database, request.Skus, cancellationToken);
}
