/** Requests to the simulated cloud that a person would make in the console before the first deployment. */
export class GoogleAdmin {
  public constructor(
    private readonly url: string,
    private readonly accessToken: string,
  ) {}

  /** Creates a project; one that exists stays as it is. */
  public async createProject(id: string): Promise<void> {
    await this.post("/_sandbox/projects", { id });
  }

  /** Creates a bucket for Terraform state; one that exists stays as it is. */
  public async createBucket(project: string, name: string): Promise<void> {
    await this.post(
      `/storage/v1/b?project=${encodeURIComponent(project)}`,
      { name, versioning: { enabled: true } },
      409,
    );
  }

  private async post(path: string, body: object, accepted?: number): Promise<void> {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${this.accessToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok && response.status !== accepted)
      throw new Error(`the simulated cloud answered ${response.status} to POST ${path}: ${text.slice(0, 300)}`);
  }
}
