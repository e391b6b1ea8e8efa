using Bogus;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.SampleData;

/// <summary>A sample product and the stock of its variants.</summary>
internal sealed record SampleProduct(Product Product, IReadOnlyList<int> Stock);

/// <summary>Makes believable products: the same ones in the same order at every run, but for their ids and times.</summary>
internal sealed class SampleProducts(string currency, DateTimeOffset now)
{
    private const int Seed = 20_260_101;
    private const int Vendors = 24;

    private readonly Faker _faker = new("en") { Random = new Randomizer(Seed) };
    private readonly HashSet<string> _slugs = new(StringComparer.Ordinal);
    private readonly Lazy<string[]> _vendors = new(static () =>
    {
        var faker = new Faker("en") { Random = new Randomizer(Seed) };
        return [.. Enumerable.Range(0, Vendors).Select(_ => $"{faker.Name.LastName()} & {faker.Name.LastName()}")];
    });

    private int _number;

    /// <summary>The next product.</summary>
    public SampleProduct Next()
    {
        _number++;
        var department = _faker.PickRandom<SampleDepartment>(SampleDepartments.All);
        var material = _faker.PickRandom<string>(department.Materials);
        var noun = _faker.PickRandom<string>(department.Nouns);
        var title = $"{_faker.PickRandom<string>(department.Styles)} {material} {noun}";
        var slug = Slug.From(title);
        if (!_slugs.Add(slug))
        {
            // A catalogue has many linen shirts; each has a model number.
            title += " No. " + _number;
            slug = Slug.From(title);
            _slugs.Add(slug);
        }

        var createdAt = now.AddMinutes(-_faker.Random.Int(1, 400 * 24 * 60));
        var variants = VariantsOf(department, slug, createdAt, out var options);
        var product = new Product
        {
            Id = Guid.CreateVersion7(createdAt),
            Slug = slug,
            Title = title,
            DescriptionHtml = Describe(department, material, noun, title),
            Vendor = _faker.PickRandom(_vendors.Value),
            Type = noun,
            Tags = [department.Name.ToLowerInvariant(), material.ToLowerInvariant(), .. _faker.PickRandom(department.Tags, _faker.Random.Int(1, 3))],
            Options = options,
            Variants = variants,
            Images = ImagesOf(slug, title),
            SeoTitle = $"{title} – {department.Name}",
            SeoDescription = $"{title}, from our {department.Name.ToLowerInvariant()} collection.",
            Status = ProductStatus.Active,
            CreatedAt = createdAt,
            UpdatedAt = createdAt,
            PublishedAt = createdAt,
        };
        return new SampleProduct(product, [.. variants.Select(_ => _faker.Random.Bool(0.05f) ? 0 : _faker.Random.Int(1, 120))]);
    }

    private List<ProductVariant> VariantsOf(SampleDepartment department, string slug, DateTimeOffset createdAt, out IReadOnlyList<string> options)
    {
        var count = _faker.Random.Int(1, 6);
        options = [];
        List<string[]> combinations = [[]];
        if (count > 1)
        {
            var colors = _faker.PickRandom(SampleDepartments.Colors, department.FirstOption is null ? count : _faker.Random.Int(1, 2)).ToList();
            options = department.FirstOption is null ? ["Color"] : [department.FirstOption, "Color"];
            var firstValues = department.FirstOption is null ? [] : department.FirstValues.Take(Math.Max(1, count / colors.Count)).ToList();
            combinations = firstValues.Count == 0
                ? [.. colors.Select(color => new[] { color })]
                : [.. firstValues.SelectMany(first => colors.Select(color => new[] { first, color }))];
        }

        var price = (_faker.Random.Int(department.LowestPrice, department.HighestPrice) * 100L) - _faker.PickRandom(5, 10, 1, 50);
        var reduced = _faker.Random.Bool(0.2f);
        var grams = _faker.Random.Int(department.LowestGrams, department.HighestGrams);
        return [.. combinations.Select((values, index) => new ProductVariant
        {
            Id = Guid.CreateVersion7(createdAt),
            Sku = $"{department.Code}-{_number:D5}-{index + 1:D2}",
            Barcode = _faker.Commerce.Ean13(),
            OptionValues = values,
            Price = new Money(price + (index / 2 * 200), currency),
            CompareAtPrice = reduced ? new Money((price + (index / 2 * 200)) * 5 / 4, currency) : null,
            WeightGrams = grams,
            WeightUnit = grams < 1_000 ? "g" : "kg",
            TracksInventory = true,
            InventoryTracker = "shopify",
            FulfillmentService = "manual",
            ImageUrl = $"https://images.example.com/{slug}/{index + 1}.jpg",
        })];
    }

    private List<ProductImage> ImagesOf(string slug, string title) =>
        [.. Enumerable.Range(1, _faker.Random.Int(1, 4)).Select(position => new ProductImage
        {
            Url = $"https://images.example.com/{slug}/{position}.jpg",
            Alt = $"{title}, picture {position}",
            Position = position,
        })];

    private string Describe(SampleDepartment department, string material, string noun, string title)
    {
        var opening = _faker.PickRandom(
            $"The {title} is the {noun.ToLowerInvariant()} you reach for first.",
            $"Made in small batches, our {title} ages with grace.",
            $"A {noun.ToLowerInvariant()} without fuss: good {material.ToLowerInvariant()}, clean lines, honest work.",
            $"We spent two years on the {title} until nothing was left to take away.");
        var detail = _faker.PickRandom(
            $"The {material.ToLowerInvariant()} comes from a family business that we visit every year.",
            "Every seam and edge is finished by hand and checked twice.",
            "It is repaired free of charge for three years after you bought it.",
            "It ships in a box of recycled paper that serves to send it back, should you not like it.");
        var care = _faker.PickRandom("Wipe clean with a damp cloth.", "Keep dry and out of direct sun.", "Wash at 30 degrees.", "No special care needed.");
        return $"<p>{opening} {detail}</p><ul><li>Material: {material}</li><li>Collection: {department.Name}</li><li>Care: {care}</li></ul>";
    }
}
