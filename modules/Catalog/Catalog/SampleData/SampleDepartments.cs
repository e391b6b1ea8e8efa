namespace ModularMonolith.Catalog.SampleData;

/// <summary>A kind of goods in the sample catalogue: the words its titles and options are made of, and what its things cost and weigh.</summary>
internal sealed record SampleDepartment(
    string Code, string Name, IReadOnlyList<string> Styles, IReadOnlyList<string> Materials, IReadOnlyList<string> Nouns,
    string? FirstOption, IReadOnlyList<string> FirstValues, IReadOnlyList<string> Tags, int LowestPrice, int HighestPrice, int LowestGrams, int HighestGrams);

internal static class SampleDepartments
{
    public static readonly IReadOnlyList<string> Colors =
        ["Black", "Navy", "Olive", "Sand", "Charcoal", "Ivory", "Burgundy", "Forest", "Sky", "Terracotta", "Mustard", "Slate"];

    public static readonly IReadOnlyList<SampleDepartment> All =
    [
        new("APP", "Apparel", ["Classic", "Relaxed", "Tailored", "Everyday", "Vintage", "Cropped", "Oversized"], ["Linen", "Cotton", "Merino", "Denim", "Flannel", "Cashmere", "Corduroy"],
            ["Shirt", "Jacket", "Trousers", "Pullover", "Cardigan", "Dress", "T-Shirt", "Skirt"], "Size", ["XS", "S", "M", "L", "XL", "XXL"], ["clothing", "summer", "winter", "organic", "new season"], 19, 240, 150, 1_200),
        new("SHO", "Shoes", ["City", "Trail", "Low-Top", "High-Top", "Weekend", "Waterproof"], ["Leather", "Suede", "Canvas", "Knit", "Nubuck"],
            ["Sneaker", "Boot", "Loafer", "Sandal", "Running Shoe", "Slipper"], "Size", ["38", "39", "40", "41", "42", "43"], ["footwear", "walking", "sport", "handmade"], 39, 260, 400, 1_600),
        new("KIT", "Kitchen", ["Professional", "Compact", "Rustic", "Hand-Forged", "Stackable", "Nordic"], ["Steel", "Cast Iron", "Copper", "Stoneware", "Glass", "Olive Wood"],
            ["Saucepan", "Chef's Knife", "Mixing Bowl", "Teapot", "Casserole", "Cutting Board", "Coffee Maker", "Mug"], "Volume", ["0.5 l", "1 l", "1.5 l", "2 l", "3 l"], ["cooking", "dishwasher safe", "gift", "induction"], 9, 190, 200, 4_500),
        new("FUR", "Furniture", ["Folding", "Mid-Century", "Slim", "Solid", "Modular", "Round"], ["Oak", "Walnut", "Beech", "Birch", "Rattan", "Ash"],
            ["Side Table", "Bookshelf", "Armchair", "Desk", "Stool", "Coat Rack", "Bench"], "Finish", ["Natural", "Oiled", "White", "Smoked"], ["living room", "office", "hallway", "made to order"], 59, 1_490, 2_500, 45_000),
        new("OUT", "Outdoor", ["Ultralight", "Expedition", "Two-Person", "Packable", "Insulated", "All-Season"], ["Nylon", "Titanium", "Ripstop", "Down", "Aluminium"],
            ["Tent", "Sleeping Bag", "Backpack", "Camping Stove", "Headlamp", "Hiking Poles", "Water Bottle"], null, [], ["camping", "hiking", "waterproof", "travel"], 15, 620, 120, 6_000),
        new("JEW", "Jewellery", ["Delicate", "Twisted", "Hammered", "Minimal", "Antique", "Layered"], ["Silver", "Gold", "Pearl", "Turquoise", "Rose Gold", "Amber"],
            ["Necklace", "Bracelet", "Ring", "Earrings", "Brooch", "Pendant"], "Length", ["40 cm", "45 cm", "50 cm", "60 cm"], ["gift", "handmade", "nickel free", "wedding"], 25, 890, 5, 90),
        new("HOM", "Home", ["Soft", "Woven", "Quilted", "Scented", "Striped", "Hand-Dyed"], ["Wool", "Cotton", "Beeswax", "Velvet", "Jute", "Bamboo"],
            ["Blanket", "Cushion", "Candle", "Rug", "Towel Set", "Curtain", "Basket"], "Size", ["Small", "Medium", "Large"], ["bedroom", "bathroom", "sustainable", "cosy"], 12, 340, 100, 5_500),
        new("BAG", "Bags", ["Roll-Top", "Commuter", "Slim", "Weekender", "Crossbody", "Foldable"], ["Leather", "Waxed Canvas", "Recycled Nylon", "Cork", "Felt"],
            ["Tote", "Backpack", "Messenger Bag", "Wallet", "Laptop Sleeve", "Duffel"], null, [], ["travel", "vegan", "office", "everyday carry"], 29, 380, 90, 1_800),
    ];
}
